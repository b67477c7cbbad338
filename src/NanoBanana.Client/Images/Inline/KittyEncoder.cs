using System.Globalization;
using System.Text;

namespace NanoBanana.Client.Images.Inline;

/// <summary>Encodes an image in the Kitty graphics protocol. The terminal sends no answers (q=2), because they would not be read.</summary>
internal static class KittyEncoder
{
    /// <summary>The maximum length of base64 in one sequence.</summary>
    private const int MaximumChunkLength = 4096;

    /// <summary>A cell that shows a part of an image.</summary>
    private const string Placeholder = "\U0010EEEE";

    /// <summary>
    /// The combining characters that represent numbers, from 0: https://sw.kovidgoyal.net/kitty/_downloads/rowcolumn-diacritics.txt.
    /// </summary>
    private const string Numbers =
        "\u0305\u030D\u030E\u0310\u0312\u033D\u033E\u033F\u0346\u034A\u034B\u034C\u0350\u0351\u0352\u0357"
        + "\u035B\u0363\u0364\u0365\u0366\u0367\u0368\u0369\u036A\u036B\u036C\u036D\u036E\u036F\u0483\u0484"
        + "\u0485\u0486\u0487\u0592\u0593\u0594\u0595\u0597\u0598\u0599\u059C\u059D\u059E\u059F\u05A0\u05A1"
        + "\u05A8\u05A9\u05AB\u05AC\u05AF\u05C4\u0610\u0611\u0612\u0613\u0614\u0615\u0616\u0617\u0657\u0658"
        + "\u0659\u065A\u065B\u065D\u065E\u06D6\u06D7\u06D8\u06D9\u06DA\u06DB\u06DC\u06DF\u06E0\u06E1\u06E2"
        + "\u06E4\u06E7\u06E8\u06EB\u06EC\u0730\u0732\u0733\u0735\u0736\u073A\u073D\u073F\u0740\u0741\u0743";

    /// <summary>The maximum number of rows, and the number of values of the first byte of an id, that placeholders can represent.</summary>
    public static int MaximumRows => Numbers.Length;

    /// <summary>
    /// An image at the cursor, in its own size. The terminal could scale it, but only to complete cells, and older versions of kitty do not
    /// keep the aspect ratio.
    /// </summary>
    /// <param name="png">A PNG file.</param>
    public static string Encode(byte[] png) => string.Concat(Chunks(png, "a=T,f=100,q=2"));

    /// <summary>
    /// An image in tmux. The terminal receives the image through tmux, and draws it where tmux writes placeholders. These are characters,
    /// which scroll and are redrawn like text. https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
    /// </summary>
    /// <param name="png">A PNG file.</param>
    /// <param name="place">The place, with at most <see cref="MaximumRows"/> rows.</param>
    /// <param name="number">A number for the image. A visible image with the same number is replaced.</param>
    public static string EncodeForTmux(byte[] png, ImagePlace place, int number)
    {
        // The last byte of the id is one of 256 colors, because tmux may not keep other colors. The first byte is a combining character.
        int color = 1 + (number & int.MaxValue) % 255, first = (number & int.MaxValue) / 255 % MaximumRows;
        var text = new StringBuilder();
        string keys = Invariant($"a=T,U=1,f=100,q=2,i={((uint)first << 24) | (uint)color},c={place.Cells.Columns},r={place.Cells.Rows}");
        foreach (string chunk in Chunks(png, keys))
            text.Append(TmuxPassthrough.Wrap(chunk));
        for (int row = 0; row < place.Cells.Rows; row++)
        {
            text.Append(row == 0 ? "" : "\r\n").Append(Invariant($"\x1b[38;5;{color}m"));
            text.Append(Placeholder).Append(Numbers[row]).Append(Numbers[0]).Append(Numbers[first]);
            // A cell without combining characters continues the cell before it.
            for (int column = 1; column < place.Cells.Columns; column++)
                text.Append(Placeholder);
            text.Append("\x1b[39m");
        }
        return text.ToString();
    }

    private static IEnumerable<string> Chunks(byte[] png, string keys)
    {
        string data = Convert.ToBase64String(png);
        for (int start = 0; start == 0 || start < data.Length; start += MaximumChunkLength)
        {
            int length = Math.Min(MaximumChunkLength, data.Length - start);
            bool hasMore = start + length < data.Length;
            string control = start > 0 ? hasMore ? "m=1,q=2" : "m=0,q=2" : hasMore ? keys + ",m=1" : keys;
            yield return $"\x1b_G{control};{data.Substring(start, length)}\x1b\\";
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
