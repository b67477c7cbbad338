using NanoBanana.Client.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Icc;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Client.Images;

/// <summary>
/// Encodes an image again: upright, and small enough to be sent, or as a thumbnail. Only this class and <see cref="Inline.ImageScaler"/>
/// use ImageSharp, so it is loaded only for images that need it.
/// </summary>
internal static class ImageConverter
{
    private const int BestQuality = 95;
    private const int GoodQuality = 90;
    private const int ThumbnailQuality = 75;

    /// <summary>Only JPEG, PNG and WebP. Other formats are not decoded.</summary>
    private static readonly Configuration Formats =
        new(new JpegConfigurationModule(), new PngConfigurationModule(), new WebpConfigurationModule());

    /// <summary>Converts an image to an upright image of limited size.</summary>
    /// <param name="file">A JPEG, PNG or WebP file.</param>
    /// <param name="orientation">The value of the Exif tag, 1 to 8.</param>
    /// <param name="limit">The maximum size in bytes.</param>
    /// <returns>The new file, and the width and height of its image.</returns>
    /// <exception cref="InvalidDataException">The file can't be decoded.</exception>
    public static (byte[] File, PixelSize Size) Convert(byte[] file, int orientation, int limit)
    {
        try
        {
            using Image<Rgba32> image = Image.Load<Rgba32>(Formats, file, out IImageFormat format);
            MakeUpright(image, orientation);
            RemoveMetadata(image);
            byte[] bytes = Write(image, EncoderOf(format, image, mustShrink: file.Length > limit));
            while (bytes.Length > limit)
            {
                // A little smaller than necessary, because smaller images need more bytes for each pixel.
                double scale = 0.95 * Math.Sqrt((double)limit / bytes.Length);
                image.Mutate(context => context.Resize(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))));
                bytes = Write(image, EncoderOf(format, image, mustShrink: true));
            }
            return (bytes, new PixelSize(image.Width, image.Height));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw DecodingFailed(e);
        }
    }

    /// <summary>
    /// Creates a small WebP image: upright, without metadata, at most as large as a box, and never larger than the original.
    /// </summary>
    /// <param name="file">A JPEG, PNG or WebP file. The stream must support seeking.</param>
    /// <param name="box">The maximum width and height.</param>
    /// <param name="maximumPixels">The maximum number of pixels that are decoded. Each takes four bytes.</param>
    /// <param name="stop">Stops between two steps.</param>
    /// <exception cref="InvalidDataException">The file can't be decoded, or has too many pixels.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static byte[] Shrink(Stream file, PixelSize box, long maximumPixels, CancellationToken stop)
    {
        try
        {
            IImageInfo? info = Image.Identify(Formats, file);
            if (info is not null && (long)info.Width * info.Height > maximumPixels)
                throw new InvalidDataException(Messages.ImageHasMorePixels(maximumPixels / 1_000_000));
            stop.ThrowIfCancellationRequested();
            file.Position = 0;
            using Image<Rgba32> image = Image.Load<Rgba32>(Formats, file);
            stop.ThrowIfCancellationRequested();
            image.Mutate(context => context.AutoOrient());
            RemoveMetadata(image);
            double scale = Math.Min((double)box.Width / image.Width, (double)box.Height / image.Height);
            if (scale < 1)
            {
                // The mean of the pixels is as good as any filter for much smaller images, and the fastest one.
                image.Mutate(context => context.Resize(
                    Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)),
                    KnownResamplers.Box));
            }
            return Write(image, new WebpEncoder
            {
                FileFormat = WebpFileFormatType.Lossy,
                Quality = ThumbnailQuality,
                Method = WebpEncodingMethod.Fastest,
            });
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or IOException or UnauthorizedAccessException
            or InvalidDataException))
        {
            throw DecodingFailed(e);
        }
    }

    /// <summary>Releases memory that the decoder keeps for the next image.</summary>
    public static void ReleaseMemory() => Formats.MemoryAllocator.ReleaseRetainedResources();

    /// <summary>An exception of a decoder means an error of the file, which can be crafted.</summary>
    private static InvalidDataException DecodingFailed(Exception e) => new(Messages.ImageNotDecoded(TextSafety.Excerpt(e.Message, 120)), e);

    /// <summary>
    /// Rotates and flips an image by the Exif orientation (Exif 2.32, tag 274: the position of the first row and the first column).
    /// </summary>
    private static void MakeUpright(Image image, int orientation)
    {
        // The tag of the file, if it has one, is ignored.
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

    /// <summary>
    /// Removes all metadata except for the color profile. A profile for another color space than RGB is also removed, because the decoded
    /// pixels are RGB.
    /// </summary>
    private static void RemoveMetadata(Image image)
    {
        image.Metadata.ExifProfile = null;
        image.Metadata.XmpProfile = null;
        image.Metadata.IptcProfile = null;
        if (image.Metadata.IccProfile is { } profile && profile.Header.DataColorSpace != IccColorSpaceType.Rgb)
            image.Metadata.IccProfile = null;
    }

    /// <summary>
    /// The encoder: the same format, without loss for PNG and WebP. To make the image smaller, JPEG, or lossy WebP for a transparent image.
    /// </summary>
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
