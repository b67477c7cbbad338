using NanoBanana.Client.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Quantization;

namespace NanoBanana.Client.Images.Inline;

/// <summary>
/// Decodes an image for a terminal, upright and in the size in which it is shown. Only this class and <see cref="ImageConverter"/> use
/// ImageSharp.
/// </summary>
internal static class ImageScaler
{
    private const int JpegQuality = 85;

    private static readonly Configuration Formats = CreateFormats();

    /// <summary>Converts an image to PNG.</summary>
    /// <param name="file">A PNG, JPEG, WebP or GIF file; of an animation, its first frame.</param>
    /// <param name="size">The new size.</param>
    /// <exception cref="InvalidDataException">The file can't be decoded.</exception>
    public static byte[] ToPng(byte[] file, PixelSize size) => Decode(file, size, image => Write(image, new PngEncoder()));

    /// <summary>Converts an image to JPEG, for a limit of few bytes. Transparent pixels become black.</summary>
    /// <inheritdoc cref="ToPng"/>
    public static byte[] ToJpeg(byte[] file, PixelSize size) =>
        Decode(file, size, image => Write(image, new JpegEncoder { Quality = JpegQuality }));

    /// <summary>Converts an image to few colors, in exactly the shown size.</summary>
    /// <param name="file">A PNG, JPEG, WebP or GIF file.</param>
    /// <param name="size">The new size.</param>
    /// <param name="colors">The maximum number of colors, 2 to 256.</param>
    /// <exception cref="InvalidDataException">The file can't be decoded.</exception>
    public static IndexedPixels ToIndexed(byte[] file, PixelSize size, int colors) => Decode(file, size, image =>
    {
        bool[] isTransparent = RemoveTransparency(image);
        using IQuantizer<Rgba32> quantizer = new WuQuantizer(new QuantizerOptions { MaxColors = colors })
            .CreatePixelSpecificQuantizer<Rgba32>(Formats);
        ImageFrame<Rgba32> frame = image.Frames.RootFrame;
        using IndexedImageFrame<Rgba32> quantized =
            quantizer.BuildPaletteAndQuantizeFrame(frame, new Rectangle(0, 0, frame.Width, frame.Height));
        var palette = new (byte, byte, byte)[quantized.Palette.Length];
        for (int color = 0; color < palette.Length; color++)
        {
            Rgba32 value = quantized.Palette.Span[color];
            palette[color] = (value.R, value.G, value.B);
        }
        var index = new byte?[isTransparent.Length];
        for (int y = 0; y < frame.Height; y++)
        {
            ReadOnlySpan<byte> row = quantized.DangerousGetRowSpan(y);
            for (int x = 0; x < row.Length; x++)
            {
                if (!isTransparent[y * frame.Width + x])
                    index[y * frame.Width + x] = row[x];
            }
        }
        return new IndexedPixels(size, palette, index);
    });

    private static T Decode<T>(byte[] file, PixelSize size, Func<Image<Rgba32>, T> use)
    {
        try
        {
            using Image<Rgba32> image = Image.Load<Rgba32>(Formats, file);
            image.Mutate(context => context.AutoOrient());
            if (image.Width != size.Width || image.Height != size.Height)
                image.Mutate(context => context.Resize(size.Width, size.Height));
            ImageMetadata metadata = image.Metadata;
            (metadata.ExifProfile, metadata.XmpProfile, metadata.IptcProfile) = (null, null, null);
            return use(image);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An exception of a decoder means an error of the file, which can be crafted.
            throw new InvalidDataException(Messages.ImageNotDecoded(TextSafety.Excerpt(e.Message, 120)), e);
        }
    }

    /// <summary>Sixel has no partial transparency: pixels that are more than half transparent are omitted.</summary>
    private static bool[] RemoveTransparency(Image<Rgba32> image)
    {
        var isTransparent = new bool[image.Width * image.Height];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                Span<Rgba32> row = rows.GetRowSpan(y);
                for (int x = 0; x < row.Length; x++)
                {
                    isTransparent[y * row.Length + x] = row[x].A < 128;
                    row[x].A = byte.MaxValue;
                }
            }
        });
        return isTransparent;
    }

    private static Configuration CreateFormats()
    {
        var formats = new Configuration(new JpegConfigurationModule(), new PngConfigurationModule(), new WebpConfigurationModule(),
            new GifConfigurationModule());
        formats.ImageFormatsManager.SetDecoder(GifFormat.Instance, new GifDecoder { DecodingMode = FrameDecodingMode.First });
        return formats;
    }

    private static byte[] Write(Image image, IImageEncoder encoder)
    {
        using var bytes = new MemoryStream();
        image.Save(bytes, encoder);
        return bytes.ToArray();
    }
}
