using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Client.Tests.Images.Inline;

/// <summary>Creates images for terminals.</summary>
internal static class TestInlineImages
{
    /// <summary>A smooth color image, red to the right and green to the bottom.</summary>
    public static Image<Rgba32> Gradient(int width, int height)
    {
        var image = new Image<Rgba32>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = new Rgba32((byte)(x * 255 / width), (byte)(y * 255 / height), 90, 255);
        }
        return image;
    }

    /// <summary>An image with noise, which does not compress well.</summary>
    public static Image<Rgba32> Noise(int width, int height)
    {
        var random = new Random(7);
        var image = new Image<Rgba32>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = new Rgba32((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), 255);
        }
        return image;
    }

    public static InlineImage File(Image<Rgba32> image, string extension, int orientation = 1)
    {
        IImageEncoder encoder = extension switch
        {
            ".png" => new PngEncoder(),
            ".jpg" => new JpegEncoder(),
            ".gif" => new GifEncoder(),
            _ => new WebpEncoder { FileFormat = WebpFileFormatType.Lossless },
        };
        if (orientation != 1)
        {
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)orientation);
        }
        using var bytes = new MemoryStream();
        image.Save(bytes, encoder);
        PixelSize size = orientation >= 5 ? new(image.Height, image.Width) : new(image.Width, image.Height);
        return new InlineImage(bytes.ToArray(), extension, size, orientation == 1);
    }

    public static PixelSize SizeOf(byte[] file)
    {
        IImageInfo info = Image.Identify(file);
        return new PixelSize(info.Width, info.Height);
    }
}
