using System.Buffers.Binary;
using System.Text;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Images;

/// <summary>
/// The chunks of a WebP file, RFC 9649 section 2.7. The image, its transparency and its color profile are kept; Exif, XMP and unknown
/// chunks are not. The length and the flags in the header are corrected.
/// </summary>
internal static class WebPParts
{
    private const byte AnimationFlag = 0x02, XmpFlag = 0x04, ExifFlag = 0x08;

    public static void Read(byte[] file, ImageParts parts)
    {
        long end = 8L + BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4, 4));
        if (end > file.Length)
            throw new InvalidDataException(Messages.ImageCutOff);
        int kept = 12, flags = -1;
        bool hasData = false;
        parts.Keep(0, 12);
        for (int at = 12; at + 8 <= end;)
        {
            string type = Encoding.ASCII.GetString(file, at, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4, 4));
            ReadOnlySpan<byte> body = file.AsSpan(at + 8, (int)Math.Min(length, int.MaxValue));
            // Some files have no padding byte at the end.
            int whole = (int)Math.Min(8L + body.Length + (body.Length & 1), file.Length - at);
            if (type == "VP8X" && body.Length > 0)
            {
                flags = at + 8;
                parts.IsAnimated |= (body[0] & AnimationFlag) != 0;
            }
            parts.IsAnimated |= type == "ANIM";
            hasData |= type is "VP8 " or "VP8L";
            if (type == "EXIF")
                parts.ReadExif(body.StartsWith("Exif\0\0"u8) ? body.Slice(6) : body);
            if (type is "VP8X" or "VP8 " or "VP8L" or "ALPH" or "ICCP")
            {
                parts.Keep(at, whole);
                kept += whole;
            }
            at += whole;
        }
        if (!hasData && !parts.IsAnimated)
            throw new InvalidDataException(Messages.ImageHasNoData);
        if (kept == file.Length)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), (uint)(kept - 8));
        if (flags >= 0)
            file[flags] &= unchecked((byte)~(ExifFlag | XmpFlag));
    }
}
