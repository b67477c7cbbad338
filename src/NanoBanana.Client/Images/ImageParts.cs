using System.Buffers.Binary;
using System.Text;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Images;

/// <summary>
/// The parts of an image file without its metadata. The parts that are needed to show the image are copied unchanged. Nothing is decoded.
/// </summary>
internal sealed class ImageParts(byte[] file)
{
    private readonly List<(int Start, int Length)> _kept = [];

    /// <summary>The orientation of the image: the value of the Exif tag, 1 to 8.</summary>
    public int Orientation { get; private set; } = 1;

    /// <summary>Whether the image has more than one frame.</summary>
    public bool IsAnimated { get; set; }

    /// <summary>Whether the image has metadata that can't be removed.</summary>
    public bool HasFixedMetadata { get; set; }

    /// <summary>Keeps the next part of the file.</summary>
    public void Keep(int start, int length)
    {
        if (_kept.Count > 0 && _kept[_kept.Count - 1] is var last && last.Start + last.Length == start)
            _kept[_kept.Count - 1] = (last.Start, last.Length + length);
        else
            _kept.Add((start, length));
    }

    /// <summary>Reads the orientation from an Exif block that is not kept.</summary>
    public void ReadExif(ReadOnlySpan<byte> tiff) => Orientation = Orientation == 1 ? ExifOrientation.Of(tiff) : Orientation;

    /// <summary>The kept parts; the file itself if everything is kept.</summary>
    public byte[] ToBytes()
    {
        if (_kept.Count == 1 && _kept[0] == (0, file.Length))
            return file;
        using var bytes = new MemoryStream(_kept.Sum(part => part.Length));
        foreach ((int start, int length) in _kept)
            bytes.Write(file, start, length);
        return bytes.ToArray();
    }

    /// <summary>Reads an image to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="extension">The extension of its format, as <see cref="ImageFormat"/> names it.</param>
    /// <exception cref="InvalidDataException">The file is damaged or incomplete; the message has the reason.</exception>
    public static ImageParts Of(byte[] file, string extension)
    {
        var parts = new ImageParts(file);
        try
        {
            switch (extension)
            {
                case ".jpg":
                    JpegParts.Read(file, parts);
                    break;
                case ".png":
                    PngParts.Read(file, parts);
                    break;
                case ".webp":
                    WebPParts.Read(file, parts);
                    break;
                case ".gif":
                    GifParts.Read(file, parts);
                    break;
                default:
                    AvifParts.Read(file, parts);
                    break;
            }
        }
        catch (ArgumentException)
        {
            // A length exceeds the file.
            throw new InvalidDataException(Messages.ImageCutOff);
        }
        return parts;
    }
}

/// <summary>Reads the orientation of the camera from an Exif block: TIFF 6.0, section 2; Exif 2.32, tag 274.</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;
    private const int EntryLength = 12;

    /// <summary>The orientation, 1 to 8; 1 (upright) if the block is damaged or has no orientation.</summary>
    public static int Of(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || tiff[0] != tiff[1] || tiff[0] is not ((byte)'I' or (byte)'M'))
            return 1;
        bool isLittle = tiff[0] == 'I';
        uint directory = UInt32(tiff.Slice(4), isLittle);
        if (directory > tiff.Length - 2)
            return 1;
        int count = UInt16(tiff.Slice((int)directory), isLittle);
        for (long at = directory + 2; count > 0 && at + EntryLength <= tiff.Length; count--, at += EntryLength)
        {
            ReadOnlySpan<byte> entry = tiff.Slice((int)at, EntryLength);
            if (UInt16(entry, isLittle) == Tag)
                return UInt16(entry.Slice(8), isLittle) is var value and >= 1 and <= 8 ? value : 1;
        }
        return 1;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}

/// <summary>
/// An AVIF file, ISO/IEC 23008-12. Tables in the whole file refer to the metadata, so it can be found (6.4.2, the entries of iinf), but not
/// removed without writing a new file.
/// </summary>
internal static class AvifParts
{
    public static void Read(byte[] file, ImageParts parts)
    {
        parts.Keep(0, file.Length);
        parts.IsAnimated = file.AsSpan(8, 4).SequenceEqual("avis"u8);
        for (ReadOnlySpan<byte> rest = file; rest.IndexOf("infe"u8) is >= 0 and var found; rest = rest.Slice(found + 4))
        {
            ReadOnlySpan<byte> entry = rest.Slice(found, Math.Min(24, rest.Length - found));
            parts.HasFixedMetadata |= entry.IndexOf("Exif"u8) >= 0 || entry.IndexOf("mime"u8) >= 0;
        }
    }
}

/// <summary>
/// The chunks of a PNG file, third edition, section 11. The chunks that affect the appearance are kept; texts, times and Exif are not.
/// </summary>
internal static class PngParts
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST",
        "pHYs", "sPLT",
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
                throw new InvalidDataException(Messages.ImageHasNoData);
            return;
        }
    }
}
