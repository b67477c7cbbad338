using System.Text;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>Bytes that begin as a picture of a format does; the rest is a pattern in which a shift would show.</summary>
internal static class Pictures
{
    public static byte[] Png(int length = 1000) => Of([0x89, .. "PNG\r\n"u8, 0x1A, 0x0A], length);

    public static byte[] Jpeg(int length = 1000) => Of([0xFF, 0xD8, 0xFF, 0xE0], length);

    public static byte[] WebP(int length = 1000) => Of([.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8], length);

    public static byte[] Gif(string version = "GIF89a", int length = 1000) => Of(Encoding.ASCII.GetBytes(version), length);

    public static byte[] Avif(string brand = "avif", int length = 1000) => Of([0, 0, 0, 0x20, .. Encoding.ASCII.GetBytes("ftyp" + brand)], length);

    private static byte[] Of(byte[] start, int length)
    {
        byte[] picture = new byte[length];
        for (int i = 0; i < length; i++)
            picture[i] = (byte)(i * 31 + i / 251);
        start.CopyTo(picture, 0);
        return picture;
    }
}
