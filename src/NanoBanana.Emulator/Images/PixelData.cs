using System.Buffers.Binary;
using System.IO.Compression;

namespace NanoBanana.Emulator.Images;

/// <summary>Creates an IDAT chunk. It is the expensive part, and all images of one size and pattern share it.</summary>
internal static class PixelData
{
    private const byte FilterSub = 1;
    private const byte FilterUp = 2;

    /// <summary>Draws and compresses the pixels.</summary>
    /// <param name="size">Width and height in pixels.</param>
    /// <param name="variant">0 to <see cref="ImagePattern.Variants"/> - 1.</param>
    /// <param name="dot">Width of a dot of the pattern in pixels. Width and height are multiples of it.</param>
    public static byte[] Make(ImageSize size, int variant, int dot)
    {
        using var chunk = new MemoryStream();
        chunk.Write(new byte[8], 0, 8); // The chunk's length and type; Seal writes them.
        // The header of a zlib stream (RFC 1950), because .NET Framework has only deflate.
        chunk.WriteByte(0x78);
        chunk.WriteByte(0x01);
        uint checksum;
        using (var deflate = new DeflateStream(chunk, CompressionLevel.Fastest, leaveOpen: true))
            checksum = WriteRows(deflate, size, variant, dot);

        var tail = new byte[8]; // Adler-32, and space for the checksum of the chunk.
        BinaryPrimitives.WriteUInt32BigEndian(tail, checksum);
        chunk.Write(tail, 0, tail.Length);
        byte[] bytes = chunk.ToArray();
        PngChunks.Seal(bytes, "IDAT");
        return bytes;
    }

    private static uint WriteRows(Stream target, ImageSize size, int variant, int dot)
    {
        int dots = size.Width / dot, lines = size.Height / dot;
        var draw = ImagePattern.Create(variant, dots, lines);
        byte[] above = new byte[dots], line = new byte[dots];
        var row = new byte[size.Width + 1];
        var repeated = new byte[size.Width + 1];
        repeated[0] = FilterUp;
        uint a = 1, b = 0;
        for (int y = 0; y < lines; y++)
        {
            draw(line, y);
            if (y == 0)
                FilterFirst(line, row, dot);
            else
                Filter(line, above, row, dot);
            Write(row);
            // The other pixel rows of a row of dots equal the one above. With the filter Up they are zeros.
            for (int copy = 1; copy < dot; copy++)
                Write(repeated);
            (above, line) = (line, above);
        }

        return (b << 16) | a;

        void Write(byte[] filtered)
        {
            AddAdler32(filtered, ref a, ref b);
            target.Write(filtered, 0, filtered.Length);
        }
    }

    private static void FilterFirst(byte[] line, byte[] row, int dot)
    {
        row[0] = FilterSub;
        for (int x = 0, at = 1; x < line.Length; x++, at += dot)
            row[at] = (byte)(line[x] - (x == 0 ? 0 : line[x - 1]));
    }

    private static void Filter(byte[] line, byte[] above, byte[] row, int dot)
    {
        row[0] = FilterUp;
        for (int x = 0, at = 1; x < line.Length; x++)
        {
            byte change = (byte)(line[x] - above[x]);
            for (int copy = 0; copy < dot; copy++)
                row[at++] = change;
        }
    }

    /// <summary>Updates the two sums of the checksum of a zlib stream (RFC 1950).</summary>
    private static void AddAdler32(byte[] bytes, ref uint a, ref uint b)
    {
        // The largest number of bytes whose sums fit in 32 bits without a modulo operation.
        const int Run = 5552;
        for (int start = 0; start < bytes.Length; start += Run)
        {
            foreach (byte value in bytes.AsSpan(start, Math.Min(Run, bytes.Length - start)))
            {
                a += value;
                b += a;
            }

            (a, b) = (a % 65521, b % 65521);
        }
    }
}
