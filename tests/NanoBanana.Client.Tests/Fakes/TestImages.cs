using System.Buffers.Binary;
using System.Text;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>
/// Files that start like an image of a format. The rest is a pattern in which a shift is visible. PNG and WebP files also have
/// the end that their format requires.
/// </summary>
internal static class TestImages
{
    private static readonly byte[] PngEnd = [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    /// <summary>Signature, IHDR, one IDAT with the remaining bytes, IEND. At least 57 bytes.</summary>
    public static byte[] Png(int length = 1000)
    {
        byte[] head =
        [
            0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 16, 0, 0, 0, 9, 8, 2, 0, 0, 0, 1, 2, 3, 4,
            .. Big32(length - 57), .. "IDAT"u8,
        ];
        byte[] image = Of(head, length);
        PngEnd.CopyTo(image, length - PngEnd.Length);
        return image;
    }

    /// <summary>A PNG with the given size in its header.</summary>
    public static byte[] Sized(int width, int height)
    {
        byte[] image = Png();
        Big32(width).CopyTo(image, 16);
        Big32(height).CopyTo(image, 20);
        return image;
    }

    public static byte[] Jpeg(int length = 1000) => Of([0xFF, 0xD8, 0xFF, 0xE0], length);

    public static byte[] WebP(int length = 1000)
    {
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, length - 8);
        return Of([.. "RIFF"u8, .. size, .. "WEBPVP8 "u8], length);
    }

    public static byte[] Gif(string version = "GIF89a", int length = 1000) => Of(Encoding.ASCII.GetBytes(version), length);

    public static byte[] Avif(string brand = "avif", int length = 1000) =>
        Of([0, 0, 0, 0x20, .. Encoding.ASCII.GetBytes("ftyp" + brand)], length);

    private static byte[] Big32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Of(byte[] start, int length)
    {
        byte[] image = new byte[length];
        for (int i = 0; i < length; i++)
            image[i] = (byte)(i * 31 + i / 251);
        start.CopyTo(image, 0);
        return image;
    }
}
