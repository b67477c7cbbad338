using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Client.Images;

/// <summary>
/// Writes an image again: upright, and small enough to be sent or as a thumbnail. ImageSharp is used here and in
/// <see cref="Inline.ImageScaler"/> alone, so that it is loaded for images that need this and for no others.
/// </summary>
internal static class ImageConverter
{
    private const int BestQuality = 95;
    private const int GoodQuality = 90;
    private const int ThumbnailQuality = 75;

    /// <summary>JPEG, PNG and WebP alone: formats that are not known here are not decoded.</summary>
    private static readonly Configuration Formats = new(new JpegConfigurationModule(), new PngConfigurationModule(), new WebpConfigurationModule());

    /// <summary>The image upright, at most so many bytes large.</summary>
    /// <param name="file">A JPEG, PNG or WebP file.</param>
    /// <param name="orientation">The value of the Exif tag, 1 to 8.</param>
    /// <param name="limit">The most bytes.</param>
    /// <returns>The new file, with the image's new width and height.</returns>
    /// <exception cref="InvalidDataException">The file can't be decoded.</exception>
    public static (byte[] File, PixelSize Size) Convert(byte[] file, int orientation, int limit)
    {
        try
        {
            using Image<Rgba32> image = Image.Load<Rgba32>(Formats, file, out IImageFormat format);
            Turn(image, orientation);
            RemoveMetadata(image);
            byte[] bytes = Write(image, EncoderOf(format, image, mustShrink: file.Length > limit));
            while (bytes.Length > limit)
            {
                // A little less than would do: smaller images take more bytes for each pixel.
                double scale = 0.95 * Math.Sqrt((double)limit / bytes.Length);
                image.Mutate(context => context.Resize(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))));
                bytes = Write(image, EncoderOf(format, image, mustShrink: true));
            }
            return (bytes, new PixelSize(image.Width, image.Height));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw NotDecoded(e);
        }
    }

    /// <summary>A small WebP of an image: upright, without metadata, as large as fits into a box, and never larger than the image.</summary>
    /// <param name="file">A JPEG, PNG or WebP file, which can be read twice.</param>
    /// <param name="box">The most that it may be wide and high.</param>
    /// <param name="maximumPixels">An image of more pixels is not decoded: each takes four bytes.</param>
    /// <param name="stop">Ends the work between two steps of it.</param>
    /// <exception cref="InvalidDataException">The file can't be decoded, or is too large.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static byte[] Shrink(Stream file, PixelSize box, long maximumPixels, CancellationToken stop)
    {
        try
        {
            IImageInfo? info = Image.Identify(Formats, file);
            if (info is not null && (long)info.Width * info.Height > maximumPixels)
                throw new InvalidDataException($"it has more than {maximumPixels / 1_000_000} million pixels");
            stop.ThrowIfCancellationRequested();
            file.Position = 0;
            using Image<Rgba32> image = Image.Load<Rgba32>(Formats, file);
            stop.ThrowIfCancellationRequested();
            image.Mutate(context => context.AutoOrient());
            RemoveMetadata(image);
            double scale = Math.Min((double)box.Width / image.Width, (double)box.Height / image.Height);
            if (scale < 1)
            {
                // The mean of the pixels: as good as any filter when an image becomes this much smaller, and the fastest.
                image.Mutate(context => context.Resize(
                    Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)), KnownResamplers.Box));
            }
            return Write(image, new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = ThumbnailQuality, Method = WebpEncodingMethod.Fastest });
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or IOException or UnauthorizedAccessException or InvalidDataException))
        {
            throw NotDecoded(e);
        }
    }

    /// <summary>Gives memory back that decoding has kept for the next image.</summary>
    public static void ReleaseMemory() => Formats.MemoryAllocator.ReleaseRetainedResources();

    /// <summary>Whatever a decoder throws over a crafted file is about the file.</summary>
    private static InvalidDataException NotDecoded(Exception e) => new($"it can't be decoded ({TextSafety.Excerpt(e.Message, 120)})", e);

    /// <summary>Exif 2.32, tag 274: where the first row and the first column of the pixels belong.</summary>
    private static void Turn(Image image, int orientation)
    {
        // The tag may stand in the file too, and is not what counts here.
        (RotateMode rotate, FlipMode flip) = orientation switch
        {
            2 => (RotateMode.None, FlipMode.Horizontal),
            3 => (RotateMode.Rotate180, FlipMode.None),
            4 => (RotateMode.None, FlipMode.Vertical),
            5 => (RotateMode.Rotate90, FlipMode.Horizontal),
            6 => (RotateMode.Rotate90, FlipMode.None),
            7 => (RotateMode.Rotate270, FlipMode.Horizontal),
            8 => (RotateMode.Rotate270, FlipMode.None),
            _ => (RotateMode.None, FlipMode.None),
        };
        image.Metadata.ExifProfile = null;
        image.Mutate(context => context.RotateFlip(rotate, flip));
    }

    /// <summary>The colour profile stays, unless it describes colours that the pixels no longer have.</summary>
    private static void RemoveMetadata(Image image)
    {
        image.Metadata.ExifProfile = null;
        image.Metadata.XmpProfile = null;
        image.Metadata.IptcProfile = null;
        if (image.Metadata.IccProfile is { } profile && profile.Header.DataColorSpace != SixLabors.ImageSharp.Metadata.Profiles.Icc.IccColorSpaceType.Rgb)
            image.Metadata.IccProfile = null;
    }

    /// <summary>The format that it had, without loss where that was so; to be smaller, JPEG, or WebP for what is transparent.</summary>
    private static IImageEncoder EncoderOf(IImageFormat format, Image<Rgba32> image, bool mustShrink)
    {
        if (format is JpegFormat)
            return new JpegEncoder { Quality = mustShrink ? GoodQuality : BestQuality, ColorType = JpegColorType.YCbCrRatio444 };
        if (!mustShrink)
            return format is PngFormat ? new PngEncoder() : new WebpEncoder { FileFormat = WebpFileFormatType.Lossless };
        return IsOpaque(image)
            ? new JpegEncoder { Quality = GoodQuality, ColorType = JpegColorType.YCbCrRatio444 }
            : new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = GoodQuality };
    }

    private static bool IsOpaque(Image<Rgba32> image)
    {
        bool isOpaque = true;
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height && isOpaque; y++)
            {
                foreach (Rgba32 pixel in rows.GetRowSpan(y))
                    isOpaque &= pixel.A == byte.MaxValue;
            }
        });
        return isOpaque;
    }

    private static byte[] Write(Image image, IImageEncoder encoder)
    {
        using var bytes = new MemoryStream();
        image.Save(bytes, encoder);
        return bytes.ToArray();
    }
}
