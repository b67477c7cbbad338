using System.Buffers.Binary;
using System.Text;

namespace NanoBanana.Client.Images;

/// <summary>The chunks of a PNG file, third edition, section 11. Kept are those that say how it looks; texts, times and Exif are not.</summary>
internal static class PngParts
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT",
    };

    public static void Read(byte[] file, ImageParts parts)
    {
        parts.Keep(0, 8);
        bool hasData = false;
        for (int at = 8; ;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at, 4));
            string type = Encoding.ASCII.GetString(file.AsSpan(at + 4, 4).ToArray());
            ReadOnlySpan<byte> body = file.AsSpan(at + 8, (int)Math.Min(length, int.MaxValue));
            int whole = file.AsSpan(at, body.Length + 12).Length;
            parts.IsAnimated |= type == "acTL";
            hasData |= type == "IDAT";
            if (type == "eXIf")
                parts.ReadExif(body);
            if (Kept.Contains(type))
                parts.Keep(at, whole);
            at += whole;
            if (type != "IEND")
                continue;
            if (!hasData)
                throw new InvalidDataException("it has no image data");
            return;
        }
    }
}
