using NanoBanana.Client.Files;
using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Terminals;

/// <summary>
/// Shows images in the terminal, in the viewer of the desktop, or as a line with the path, in this order. In a session that is not
/// interactive, only the verbose stream has the path.
/// </summary>
internal sealed class ImageDisplay
{
    /// <summary>The default way to show an image.</summary>
    public const string Auto = nameof(Auto);
    public const string Kitty = nameof(InlineProtocol.Kitty);
    public const string ITerm2 = nameof(InlineProtocol.ITerm2);
    public const string Sixel = nameof(InlineProtocol.Sixel);
    public const string Viewer = nameof(Viewer);

    /// <summary>The maximum number of windows that one command opens.</summary>
    private const int MaximumWindows = 10;

    private readonly ConsoleTerminal _terminal;
    private readonly InlineTerminal? _inline;
    private readonly string? _problem;
    private readonly string? _hint;
    private readonly bool _hasViewer;
    private readonly CellBox? _size;
    private readonly bool _hasCaption;
    private int _windows;

    /// <summary>Detects how images can be shown. For the pipeline thread, before the first progress of the pipeline.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="protocol">One of the names above.</param>
    /// <param name="size">The maximum size in cells; null to fit the window.</param>
    /// <param name="hasCaption">Whether the name is written below an image in the terminal.</param>
    public ImageDisplay(NanoBananaCmdlet cmdlet, string protocol, CellBox? size, bool hasCaption)
    {
        _terminal = new ConsoleTerminal(cmdlet.Host);
        _size = size;
        _hasCaption = hasCaption;
        _problem = _terminal.Problem;
        if (_problem is not null)
            return;
        if (protocol != Viewer)
        {
            InlineTerminal terminal = _terminal.Query();
            if (Enum.TryParse(protocol, out InlineProtocol chosen))
                terminal = terminal with { Protocol = chosen, IsThroughTmux = chosen != InlineProtocol.Sixel && IsInTmux };
            _inline = terminal.Protocol is null ? null : terminal;
            _hint = terminal.Hint;
        }
        _hasViewer = ImageViewer.IsAvailable;
    }

    /// <summary>Shows saved images without a caption, because the command also emits the files.</summary>
    public static ImageDisplay OfSaved(NanoBananaCmdlet cmdlet) => new(cmdlet, Auto, size: null, hasCaption: false);

    private static bool IsInTmux => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMUX"));

    /// <summary>Reads an image, on any thread.</summary>
    /// <param name="path">Its full path.</param>
    /// <returns>An action for the pipeline thread that shows the image.</returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not an image that can be shown.</exception>
    public Action<NanoBananaCmdlet> Prepare(string path)
    {
        InlineImage image = InlineImageFile.Read(path);
        if (_problem is not null)
            return to => to.WriteVerbose(Messages.NotShown(path, _problem));
        // AVIF can't be decoded.
        if (_inline is not null && image.Extension != ".avif")
        {
            string text = Encode(image, path);
            return _ => _terminal.Show(text);
        }
        string? reason = _inline is null ? _hint : Messages.AvifNotDecoded;
        return to => ShowOutside(to, path, reason, InlineImageFile.IsNamedAsImage(path, image));
    }

    /// <summary>
    /// Shows a saved image, on the pipeline thread. If it can't be shown, this is only a warning, because the image is saved.
    /// </summary>
    public void ShowSaved(NanoBananaCmdlet to, string path)
    {
        try
        {
            Prepare(path)(to);
        }
        catch (NanoBananaException e)
        {
            to.WriteWarning(e.Message);
        }
    }

    private string Encode(InlineImage image, string path)
    {
        CellBox window = ConsoleTerminal.Window;
        // The prompt stays visible below the image.
        CellBox box = _size?.Within(window with { Rows = window.Rows - 1 })
            ?? new CellBox(window.Columns, Math.Max(1, window.Rows * 2 / 3));
        string name = Path.GetFileName(path);
        try
        {
            string text = InlineEncoder.Encode(image, _inline!, box, mayEnlarge: _size is not null, name);
            return _hasCaption ? $"{text}{TextSafety.Excerpt(name, 200)}  {image.Size}\r\n" : text;
        }
        catch (InvalidDataException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.CannotShow(path, e.Message), e);
        }
    }

    private void ShowOutside(NanoBananaCmdlet to, string path, string? reason, bool isNamedAsImage)
    {
        if (reason is not null)
            to.WriteVerbose(Messages.NotShownInTerminal(reason));
        // The desktop chooses the program by the name of the file.
        if (!_hasViewer || !isNamedAsImage)
            to.WriteHost(path);
        else if (_windows >= MaximumWindows)
        {
            if (_windows++ == MaximumWindows)
                to.WriteWarning(Messages.TooManyWindows(MaximumWindows));
            to.WriteHost(path);
        }
        else if (ImageViewer.TryOpen(path))
            _windows++;
        else
            to.WriteHost(path);
    }
}
