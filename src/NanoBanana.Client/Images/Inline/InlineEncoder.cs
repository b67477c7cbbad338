namespace NanoBanana.Client.Images.Inline;

/// <summary>Creates the output that shows an image at the cursor of a terminal. After that, the cursor is below the image.</summary>
internal static class InlineEncoder
{
    /// <summary>
    /// Files above this size in bytes are first scaled to the visible size, because a remote terminal receives all bytes.
    /// </summary>
    private const int MaximumFileBytes = 4 * 1024 * 1024;

    /// <summary>
    /// The limit in tmux, in bytes: base64 needs four characters for three bytes, and the sequence has additional characters.
    /// </summary>
    private const int MaximumFileBytesForTmux = (TmuxPassthrough.MaximumSequenceLength - 1000) / 4 * 3;

    private static int _number = Environment.TickCount;

    /// <param name="image">The image.</param>
    /// <param name="terminal">The terminal. It must support images.</param>
    /// <param name="box">The maximum number of cells.</param>
    /// <param name="mayEnlarge">Whether a small image is enlarged to the box.</param>
    /// <param name="name">The name of the file.</param>
    /// <exception cref="InvalidDataException">The file can't be decoded.</exception>
    public static string Encode(InlineImage image, InlineTerminal terminal, CellBox box, bool mayEnlarge, string name)
    {
        ImagePlace place = box.Fit(image.Size, terminal.Cell, mayEnlarge);
        switch (terminal.Protocol)
        {
            case InlineProtocol.Sixel:
                // The maximum size in pixels is used as a box of one cell.
                PixelSize pixels = terminal.MaximumPixels is { } maximum
                    ? new CellBox(1, 1).Fit(place.Pixels, maximum, mayEnlarge: false).Pixels
                    : place.Pixels;
                return SixelEncoder.Encode(ImageScaler.ToIndexed(image.File, pixels, terminal.Colors)) + "\r\n";
            case InlineProtocol.ITerm2:
                string sequence = ITerm2Encoder.Encode(ForITerm2(image, place, terminal.IsThroughTmux), place, name);
                return terminal.IsThroughTmux ? TmuxPassthrough.Draw(sequence, place.Cells.Rows) : sequence + "\r\n";
            default:
                if (!terminal.IsThroughTmux)
                    return KittyEncoder.Encode(ForKitty(image, place)) + "\r\n";
                CellBox limited = box.Within(new CellBox(box.Columns, KittyEncoder.MaximumRows));
                ImagePlace inTmux = limited.Fit(image.Size, terminal.Cell, mayEnlarge);
                return KittyEncoder.EncodeForTmux(ForKittyInTmux(image, inTmux), inTmux, Interlocked.Increment(ref _number)) + "\r\n";
        }
    }

    /// <summary>Kitty accepts PNG.</summary>
    private static byte[] ForKitty(InlineImage image, ImagePlace place) =>
        image.Extension == ".png" && image.IsUpright && image.Size == place.Pixels && image.File.Length <= MaximumFileBytes
            ? image.File
            : ImageScaler.ToPng(image.File, place.Pixels);

    /// <summary>
    /// With placeholders, the terminal scales the image. tmux does not report the size of its cells, so a large image keeps twice the usual
    /// number of pixels per side.
    /// </summary>
    private static byte[] ForKittyInTmux(InlineImage image, ImagePlace place)
    {
        if (image.Extension == ".png" && image.IsUpright && image.File.Length <= MaximumFileBytes)
            return image.File;
        var twice = new PixelSize(place.Pixels.Width * 2, place.Pixels.Height * 2);
        return ImageScaler.ToPng(image.File, twice.Width < image.Size.Width ? twice : image.Size);
    }

    /// <summary>Terminals with the protocol of iTerm2 scale images.</summary>
    private static byte[] ForITerm2(InlineImage image, ImagePlace place, bool isThroughTmux)
    {
        int limit = isThroughTmux ? MaximumFileBytesForTmux : MaximumFileBytes;
        if (image.Extension is ".png" or ".jpg" or ".gif" && image.IsUpright && image.File.Length <= limit)
            return image.File;
        PixelSize pixels = place.Pixels.Width < image.Size.Width ? place.Pixels : image.Size;
        byte[] png = ImageScaler.ToPng(image.File, pixels);
        return png.Length <= limit ? png : ImageScaler.ToJpeg(image.File, pixels);
    }
}

/// <summary>An image file for a terminal.</summary>
/// <param name="File">Its bytes.</param>
/// <param name="Extension">The extension of its format.</param>
/// <param name="Size">The width and height in the upright orientation.</param>
/// <param name="IsUpright">Whether the pixels in the file are upright.</param>
internal sealed record InlineImage(byte[] File, string Extension, PixelSize Size, bool IsUpright);

/// <summary>The properties of a terminal.</summary>
/// <param name="Protocol">The protocol for images; null if the terminal shows no images.</param>
internal sealed record InlineTerminal(InlineProtocol? Protocol)
{
    /// <summary>
    /// The width and height of a cell if the terminal does not report them: those of the VT340, which Windows Terminal also uses.
    /// </summary>
    public static readonly PixelSize UsualCell = new(10, 20);

    /// <summary>Width and height of a cell in pixels.</summary>
    public PixelSize Cell { get; init; } = UsualCell;

    /// <summary>The maximum size of a Sixel image; null for no known limit.</summary>
    public PixelSize? MaximumPixels { get; init; }

    /// <summary>The maximum number of colors of a Sixel image.</summary>
    public int Colors { get; init; } = 256;

    /// <summary>Whether tmux passes images to its terminal.</summary>
    public bool IsThroughTmux { get; init; }

    /// <summary>The reason why the terminal shows no images, if the user may expect images; null without a reason.</summary>
    public string? Hint { get; init; }
}
