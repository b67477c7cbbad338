using System.Buffers.Binary;
using System.Text;

namespace NanoBanana.Emulator.Pictures;

/// <summary>Writes the chunks of a PNG file: length, type, data, checksum (PNG specification, 5.3).</summary>
internal static class PngChunks
{
    /// <summary>Bytes that a chunk has besides its data.</summary>
    public const int Overhead = 12;

    private const int HeaderBytes = 13;
    private const byte BitDepth = 8;
    private const byte IndexedColour = 3;

    public static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static readonly byte[] End = Make("IEND", []);

    public static byte[] Header(PictureSize size)
    {
        var data = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32BigEndian(data, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), size.Height);
        data[8] = BitDepth;
        data[9] = IndexedColour;
        return Make("IHDR", data);
    }

    public static byte[] Make(string type, byte[] data)
    {
        var chunk = new byte[data.Length + Overhead];
        data.CopyTo(chunk, 8);
        Seal(chunk, type);
        return chunk;
    }

    /// <summary>Completes a chunk whose data stands at offset 8 already, with four bytes free behind it.</summary>
    public static void Seal(byte[] chunk, string type)
    {
        int length = chunk.Length - Overhead;
        BinaryPrimitives.WriteInt32BigEndian(chunk, length);
        Encoding.ASCII.GetBytes(type, 0, 4, chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + length), Crc32.Compute(chunk, 4, length + 4));
    }
}
