using System.Buffers.Binary;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Images;

/// <summary>
/// The segments of a JPEG file, ITU T.81 B.1. The image, JFIF, the color profile and Adobe's color transform are kept; Exif, XMP, IPTC,
/// comments, previews and everything after the image (other images, videos) are not.
/// </summary>
internal static class JpegParts
{
    private const int App0 = 0xE0, App1 = 0xE1, App2 = 0xE2, App14 = 0xEE, App15 = 0xEF, Comment = 0xFE, Scan = 0xDA, End = 0xD9;

    public static void Read(byte[] file, ImageParts parts)
    {
        parts.Keep(0, 2);
        bool hasScan = false;
        for (int at = 2; ;)
        {
            if (file.AsSpan(at, 2)[0] != 0xFF)
                throw new InvalidDataException(Messages.ImageSegmentsInvalid);
            int code = file[at + 1];
            if (code == 0xFF)
            {
                at++;
                continue;
            }
            if (code == End)
            {
                parts.Keep(at, 2);
                if (!hasScan)
                    throw new InvalidDataException(Messages.ImageHasNoData);
                return;
            }
            int length = 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2, 2));
            ReadOnlySpan<byte> body = file.AsSpan(at + 4, length - 4);
            if (code == App1 && body.StartsWith("Exif\0\0"u8))
                parts.ReadExif(body.Slice(6));
            if (code == Scan)
            {
                hasScan = true;
                length = EndOfData(file, at + length) - at;
            }
            if (IsKept(code, body))
                parts.Keep(at, length);
            at += length;
        }
    }

    private static bool IsKept(int code, ReadOnlySpan<byte> body) => code switch
    {
        App0 => body.StartsWith("JFIF\0"u8),
        App2 => body.StartsWith("ICC_PROFILE\0"u8),
        App14 => body.StartsWith("Adobe"u8),
        >= App1 and <= App15 or Comment => false,
        _ => true,
    };

    /// <summary>Compressed data ends at the next marker. FF 00 in it is a value, and FF D0 to FF D7 are restarts.</summary>
    private static int EndOfData(byte[] file, int start)
    {
        for (int at = start; ; at += 2)
        {
            int found = file.AsSpan(at).IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= file.Length)
                throw new InvalidDataException(Messages.ImageCutOff);
            at += found;
            if (file[at + 1] == 0xFF)
                at--;
            else if (file[at + 1] is not (0x00 or (>= 0xD0 and <= 0xD7)))
                return at;
        }
    }
}
