using System.Buffers.Binary;
using System.Collections;
using System.Text;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Images;

/// <summary>Creates a lossless WebP file (RFC 9649) of any size in about 40 bytes: a gradient that the predictor draws.</summary>
/// <remarks>
/// Each pixel is its left neighbor plus one constant color. All prefix codes have a single symbol, so a pixel needs no bits.
/// </remarks>
internal static class WebPFile
{
    /// <summary>Blocks of the predictor are 2^(7 + 2) pixels wide and high, the largest possible size.</summary>
    private const int LargestBlock = 7;

    /// <summary>Predictor mode 1: the pixel on the left.</summary>
    private const int LeftPixel = 1;

    /// <param name="size">1 to 16384 pixels wide and high.</param>
    /// <param name="fingerprint">Chooses the colors.</param>
    public static byte[] Create(ImageSize size, ulong fingerprint)
    {
        var bits = new List<bool>();
        Add(bits, 0x2F, 8);
        Add(bits, size.Width - 1, 14);
        Add(bits, size.Height - 1, 14);
        // No alpha, version 0.
        Add(bits, 0, 4);
        // One transform: the predictor, whose block image has no color cache.
        Add(bits, 1, 1);
        Add(bits, 0, 2);
        Add(bits, LargestBlock, 3);
        Add(bits, 0, 1);
        AddCodes(bits, green: LeftPixel, red: 0, blue: 0);
        // No other transform, no color cache, no meta prefix codes.
        Add(bits, 0, 3);
        ulong step = SeededRandom.Mix(fingerprint);
        AddCodes(bits, green: 1 + (int)(step % 3), red: 1 + (int)(step / 3 % 3), blue: 253 + (int)(step / 9 % 3));
        var data = new byte[(bits.Count + 7) / 8];
        new BitArray(bits.ToArray()).CopyTo(data, 0);
        return Wrap(data);
    }

    /// <summary>The five codes of an image, in the order of the format; alpha and distances are 0.</summary>
    private static void AddCodes(List<bool> bits, int green, int red, int blue)
    {
        foreach (int symbol in (int[])[green, red, blue, 0, 0])
        {
            // A simple code of one symbol, with one bit or eight bits.
            Add(bits, 1, 2);
            Add(bits, symbol > 1 ? 1 : 0, 1);
            Add(bits, symbol, symbol > 1 ? 8 : 1);
        }
    }

    private static byte[] Wrap(byte[] data)
    {
        byte[] file = new byte[20 + data.Length + (data.Length % 2)];
        Encoding.ASCII.GetBytes("RIFF").CopyTo(file, 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        Encoding.ASCII.GetBytes("WEBPVP8L").CopyTo(file, 8);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), data.Length);
        data.CopyTo(file, 20);
        return file;
    }

    /// <summary>Adds the bits of a value, the lowest first.</summary>
    private static void Add(List<bool> bits, int value, int count)
    {
        for (int i = 0; i < count; i++)
            bits.Add(((value >> i) & 1) != 0);
    }
}
