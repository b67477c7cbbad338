using System.Globalization;
using System.Text;

namespace NanoBanana.Client.Images.Inline;

/// <summary>
/// Encodes an image as Sixel: bands of six rows, and in each band one line of characters for each color. See chapter 14 of the VT330/VT340
/// Programmer Reference Manual.
/// </summary>
internal static class SixelEncoder
{
    private const int BandHeight = 6;

    /// <summary>The character for six pixels that are not set.</summary>
    private const char Nothing = '?';

    public static string Encode(IndexedPixels image)
    {
        var text = new StringBuilder();
        // 0;1: pixels that are not set do not change. Then the aspect ratio of a pixel, and the size.
        text.Append(Invariant($"\x1bP0;1;0q\"1;1;{image.Size.Width};{image.Size.Height}"));
        for (int color = 0; color < image.Palette.Length; color++)
        {
            (byte red, byte green, byte blue) = image.Palette[color];
            text.Append(Invariant($"#{color};2;{Percent(red)};{Percent(green)};{Percent(blue)}"));
        }
        var bits = new byte[image.Palette.Length][];
        for (int top = 0; top < image.Size.Height; top += BandHeight)
        {
            if (top > 0)
                text.Append('-');
            AppendBand(text, image, top, bits);
        }
        return text.Append("\x1b\\").ToString();
    }

    private static void AppendBand(StringBuilder text, IndexedPixels image, int top, byte[]?[] bits)
    {
        int width = image.Size.Width;
        Array.Clear(bits, 0, bits.Length);
        for (int y = top; y < Math.Min(top + BandHeight, image.Size.Height); y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (image.Index[y * width + x] is { } color)
                    (bits[color] ??= new byte[width])[x] |= (byte)(1 << (y - top));
            }
        }
        bool isFirst = true;
        for (int color = 0; color < bits.Length; color++)
        {
            if (bits[color] is not { } line)
                continue;
            // "$" returns to the start of the band.
            text.Append(isFirst ? "" : "$").Append('#').Append(color.ToString(CultureInfo.InvariantCulture));
            isFirst = false;
            AppendLine(text, line);
        }
    }

    private static void AppendLine(StringBuilder text, byte[] line)
    {
        // Empty pixels at the end of a line are omitted.
        int end = Array.FindLastIndex(line, bits => bits != 0) + 1;
        for (int start = 0; start < end;)
        {
            int next = start + 1;
            while (next < end && line[next] == line[start])
                next++;
            char sixel = (char)(Nothing + line[start]);
            int count = next - start;
            if (count > 3)
                text.Append('!').Append(count.ToString(CultureInfo.InvariantCulture)).Append(sixel);
            else
                text.Append(sixel, count);
            start = next;
        }
    }

    private static int Percent(byte value) => (value * 100 + 127) / 255;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An image of few colors.</summary>
/// <param name="Size">Its width and height.</param>
/// <param name="Palette">Its colors, at most 256.</param>
/// <param name="Index">The color of each pixel, row by row; null for a transparent one.</param>
internal sealed record IndexedPixels(PixelSize Size, (byte Red, byte Green, byte Blue)[] Palette, byte?[] Index);
