using System.Globalization;

namespace NanoBanana.Client.Images.Inline;

/// <summary>A rectangle of character cells.</summary>
/// <param name="Columns">Its width, from 1.</param>
/// <param name="Rows">Its height, from 1.</param>
internal readonly record struct CellBox(int Columns, int Rows)
{
    /// <summary>The maximum number of columns or rows: more than any terminal has.</summary>
    private const int Maximum = 9999;

    /// <summary>
    /// Parses a size: <c>60</c> for 60 columns, <c>60x20</c> for at most 60 columns and 20 rows, or <c>x20</c> for 20 rows.
    /// </summary>
    /// <returns>The size, with the maximum for a missing number; null if the text is not a size.</returns>
    public static CellBox? Parse(string text)
    {
        string[] parts = text.Trim().ToLowerInvariant().Split('x');
        if (parts.Length > 2 || (parts.Length == 1 && parts[0].Length == 0) || (parts.Length == 2 && parts[1].Length == 0))
            return null;
        int? columns = parts[0].Length == 0 ? Maximum : Number(parts[0]);
        int? rows = parts.Length == 1 ? Maximum : Number(parts[1]);
        return columns is { } width && rows is { } height ? new CellBox(width, height) : null;
    }

    /// <summary>The part of this box that fits into another one.</summary>
    public CellBox Within(CellBox other) => new(Math.Max(1, Math.Min(Columns, other.Columns)), Math.Max(1, Math.Min(Rows, other.Rows)));

    /// <summary>The place of an image in this box, with its own aspect ratio.</summary>
    /// <param name="image">The width and height of the image in pixels.</param>
    /// <param name="cell">The width and height of a cell in pixels.</param>
    /// <param name="mayEnlarge">Whether a small image is enlarged to the box.</param>
    public ImagePlace Fit(PixelSize image, PixelSize cell, bool mayEnlarge)
    {
        double scale = Math.Min((double)Columns * cell.Width / image.Width, (double)Rows * cell.Height / image.Height);
        if (scale > 1 && !mayEnlarge)
            scale = 1;
        var pixels = new PixelSize(Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
        var cells = new CellBox((pixels.Width + cell.Width - 1) / cell.Width, (pixels.Height + cell.Height - 1) / cell.Height);
        return new ImagePlace(pixels, cells.Within(this));
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= Maximum
            ? number
            : null;
}

/// <summary>The place of an image.</summary>
/// <param name="Pixels">The size on the screen, in pixels.</param>
/// <param name="Cells">The cells that it covers.</param>
internal readonly record struct ImagePlace(PixelSize Pixels, CellBox Cells);
