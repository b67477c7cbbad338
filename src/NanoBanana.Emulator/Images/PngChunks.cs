using System.Buffers.Binary;
using System.Text;

namespace NanoBanana.Emulator.Images;

/// <summary>Writes the chunks of a PNG file: length, type, data, checksum (PNG specification, 5.3).</summary>
internal static class PngChunks
{
    /// <summary>Bytes of a chunk without its data.</summary>
    public const int Overhead = 12;

    private const byte BitDepth = 8;
    private const byte IndexedColor = 3;

    /// <summary>The table of the checksum (ISO 3309). .NET has it only in a package.</summary>
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    public static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static readonly byte[] End = Make("IEND", []);

    public static byte[] Header(ImageSize size)
    {
        byte[] data = [0, 0, 0, 0, 0, 0, 0, 0, BitDepth, IndexedColor, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(data, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), size.Height);
        return Make("IHDR", data);
    }

    public static byte[] Make(string type, byte[] data)
    {
        var chunk = new byte[data.Length + Overhead];
        data.CopyTo(chunk, 8);
        Seal(chunk, type);
        return chunk;
    }

    /// <summary>A chunk of zeros with this total number of bytes. It makes a file larger, and readers ignore it.</summary>
    /// <remarks>The letters of its type mean: ancillary, private, safe to copy (PNG specification, 5.4).</remarks>
    public static byte[] Filler(int bytes) => Make("fiLl", new byte[bytes - Overhead]);

    /// <summary>Completes a chunk whose data is at offset 8, followed by four free bytes.</summary>
    public static void Seal(byte[] chunk, string type)
    {
        int length = chunk.Length - Overhead;
        BinaryPrimitives.WriteInt32BigEndian(chunk, length);
        Encoding.ASCII.GetBytes(type, 0, 4, chunk, 4);
        uint crc = uint.MaxValue;
        foreach (byte value in chunk.AsSpan(4, length + 4))
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + length), ~crc);
    }

    private static uint CrcOf(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
