namespace NanoBanana.Client.Images.Inline;

/// <summary>What a terminal receives to show an image at its cursor. The cursor is below the image afterwards.</summary>
internal static class InlineEncoder
{
    /// <summary>
    /// Larger files are scaled down to what is visible of them first: a terminal on the other side of a network receives all bytes.
    /// </summary>
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>Base64 makes four characters of three bytes, and the sequence has some beside them.</summary>
    private const int LargestFileForTmux = (TmuxPassthrough.LongestSequence - 1000) / 4 * 3;

    private static int _number = Environment.TickCount;

    /// <param name="image">The image.</param>
    /// <param name="terminal">The terminal, which shows images.</param>
    /// <param name="box">The most cells.</param>
    /// <param name="mayEnlarge">Whether a small image fills the box, too.</param>
    /// <param name="name">The name of the file.</param>
    /// <exception cref="InvalidDataException">The file can't be decoded.</exception>
    public static string Encode(InlineImage image, InlineTerminal terminal, CellBox box, bool mayEnlarge, string name)
    {
        ImagePlace place = box.Fit(image.Size, terminal.Cell, mayEnlarge);
        switch (terminal.Protocol)
        {
            case InlineProtocol.Sixel:
                // The largest image is a box of one cell.
                PixelSize pixels = terminal.MaximumPixels is { } most
                    ? new CellBox(1, 1).Fit(place.Pixels, most, mayEnlarge: false).Pixels
                    : place.Pixels;
                return SixelEncoder.Encode(ImageScaler.ToIndexed(image.File, pixels, terminal.Colors)) + "\r\n";
            case InlineProtocol.ITerm2:
                string sequence = ITerm2Encoder.Encode(ForITerm2(image, place, terminal.IsThroughTmux), place, name);
                return terminal.IsThroughTmux ? TmuxPassthrough.Draw(sequence, place.Cells.Rows) : sequence + "\r\n";
            default:
                if (!terminal.IsThroughTmux)
                    return KittyEncoder.Encode(ForKitty(image, place)) + "\r\n";
                ImagePlace inTmux = box.Within(new CellBox(box.Columns, KittyEncoder.MostRows)).Fit(image.Size, terminal.Cell, mayEnlarge);
                return KittyEncoder.EncodeForTmux(ForKittyInTmux(image, inTmux), inTmux, Interlocked.Increment(ref _number)) + "\r\n";
        }
    }

    /// <summary>Kitty takes PNG.</summary>
    private static byte[] ForKitty(InlineImage image, ImagePlace place) =>
        image.Extension == ".png" && image.IsUpright && image.Size == place.Pixels && image.File.Length <= LargestFile
            ? image.File
            : ImageScaler.ToPng(image.File, place.Pixels);

    /// <summary>
    /// Placeholders make the terminal scale. tmux does not tell the size of its cells, so a large image keeps twice the usual pixels.
    /// </summary>
    private static byte[] ForKittyInTmux(InlineImage image, ImagePlace place)
    {
        if (image.Extension == ".png" && image.IsUpright && image.File.Length <= LargestFile)
            return image.File;
        var twice = new PixelSize(place.Pixels.Width * 2, place.Pixels.Height * 2);
        return ImageScaler.ToPng(image.File, twice.Width < image.Size.Width ? twice : image.Size);
    }

    /// <summary>These terminals scale by themselves.</summary>
    private static byte[] ForITerm2(InlineImage image, ImagePlace place, bool isThroughTmux)
    {
        int limit = isThroughTmux ? LargestFileForTmux : LargestFile;
        if (image.Extension is ".png" or ".jpg" or ".gif" && image.IsUpright && image.File.Length <= limit)
            return image.File;
        PixelSize pixels = place.Pixels.Width < image.Size.Width ? place.Pixels : image.Size;
        byte[] png = ImageScaler.ToPng(image.File, pixels);
        return png.Length <= limit ? png : ImageScaler.ToJpeg(image.File, pixels);
    }
}

/// <summary>An image file that is to be shown.</summary>
/// <param name="File">Its bytes.</param>
/// <param name="Extension">The extension of its format.</param>
/// <param name="Size">Its width and height, upright.</param>
/// <param name="IsUpright">Whether its pixels are so in the file, too.</param>
internal sealed record InlineImage(byte[] File, string Extension, PixelSize Size, bool IsUpright);

/// <summary>What is known of a terminal.</summary>
/// <param name="Protocol">How it takes images; null when it takes none.</param>
internal sealed record InlineTerminal(InlineProtocol? Protocol)
{
    /// <summary>Width and height of a cell where the terminal doesn't tell: those of the VT340, which Windows Terminal has too.</summary>
    public static readonly PixelSize UsualCell = new(10, 20);

    /// <summary>Width and height of a cell in pixels.</summary>
    public PixelSize Cell { get; init; } = UsualCell;

    /// <summary>The largest Sixel image; null when it has no limit that is known.</summary>
    public PixelSize? MaximumPixels { get; init; }

    /// <summary>The most colors of a Sixel image.</summary>
    public int Colors { get; init; } = 256;

    /// <summary>Whether images go through tmux to the terminal around it.</summary>
    public bool IsThroughTmux { get; init; }

    /// <summary>Why it shows no images, for somebody who expects some; null when there is nothing to say.</summary>
    public string? Hint { get; init; }
}
