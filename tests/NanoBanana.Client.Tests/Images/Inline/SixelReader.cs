using System.Globalization;
using System.Text.RegularExpressions;

namespace NanoBanana.Client.Tests.Images.Inline;

/// <summary>Draws Sixel like a terminal. See VT330/VT340 Programmer Reference Manual, chapter 14.</summary>
internal static class SixelReader
{
    /// <summary>The color of each pixel by row and column, or null if the pixel is transparent.</summary>
    public static (int Red, int Green, int Blue)?[,] Draw(string text)
    {
        Match frame = Regex.Match(text, "^\u001bP0;1;0q\"1;1;(\\d+);(\\d+)(.*)\u001b\\\\$", RegexOptions.Singleline);
        Assert.True(frame.Success, text);
        int width = Number(frame.Groups[1]), height = Number(frame.Groups[2]), x = 0, top = 0, color = 0;
        var image = new (int, int, int)?[height, width];
        var colors = new Dictionary<int, (int, int, int)>();
        int read = 0;
        foreach (Match part in Regex.Matches(frame.Groups[3].Value, @"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|(\$)|(-)"))
        {
            Assert.Equal(read, part.Index);
            read += part.Length;
            if (part.Groups[1].Success)
                colors.Add(Number(part.Groups[1]), (Number(part.Groups[2]), Number(part.Groups[3]), Number(part.Groups[4])));
            else if (part.Groups[5].Success)
                color = Number(part.Groups[5]);
            else if (part.Groups[9].Success)
                x = 0;
            else if (part.Groups[10].Success)
                (x, top) = (0, top + 6);
            else
            {
                int bits = (part.Groups[7].Success ? part.Groups[7].Value[0] : part.Groups[8].Value[0]) - '?';
                for (int count = part.Groups[6].Success ? Number(part.Groups[6]) : 1; count > 0; count--, x++)
                {
                    for (int y = 0; y < 6; y++)
                    {
                        if ((bits & (1 << y)) != 0)
                            image[top + y, x] = colors[color];
                    }
                }
            }
        }
        Assert.Equal(frame.Groups[3].Length, read);
        return image;
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);
}
