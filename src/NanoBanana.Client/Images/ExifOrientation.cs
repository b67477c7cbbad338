using System.Buffers.Binary;

namespace NanoBanana.Client.Images;

/// <summary>Reads how a camera was held out of an Exif block: TIFF 6.0, section 2; Exif 2.32, tag 274.</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;
    private const int EntryLength = 12;

    /// <summary>1 to 8; 1, upright, where the block does not say or is broken.</summary>
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
