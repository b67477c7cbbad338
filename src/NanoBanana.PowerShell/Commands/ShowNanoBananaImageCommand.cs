using NanoBanana.Client.Images.Inline;
using NanoBanana.Terminals;

namespace NanoBanana.Commands;

/// <summary>Shows images in the terminal, or in the viewer of the desktop.</summary>
[Cmdlet(VerbsCommon.Show, "NanoBananaImage", DefaultParameterSetName = PathSet)]
[OutputType(typeof(FileInfo))]
public sealed class ShowNanoBananaImageCommand : NanoBananaCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string InputSet = "InputObject";

    private ImageDisplay? _display;

    /// <summary>Image files; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, HelpMessage = "The paths of image files.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>The literal paths of image files.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true,
        HelpMessage = "The paths of image files, without wildcards.")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>Image files, saved images, tasks whose images are saved, or paths.</summary>
    [Parameter(ParameterSetName = InputSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The images to show: image files, saved images, tasks whose images are saved, or paths.")]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The maximum size, in columns or in columns and rows of the terminal.</summary>
    [Parameter(HelpMessage = "The maximum size of the image, in columns and rows of the terminal.")]
    [ValidateNotNullOrEmpty]
    public string? Size { get; set; }

    /// <summary>How to show images. The default depends on the answers of the terminal.</summary>
    [Parameter(HelpMessage = "The way to show images.")]
    [ValidateSet(ImageDisplay.Auto, ImageDisplay.Kitty, ImageDisplay.ITerm2, ImageDisplay.Sixel, ImageDisplay.Viewer)]
    public string Protocol { get; set; } = ImageDisplay.Auto;

    /// <summary>Emits the files.</summary>
    [Parameter(HelpMessage = "Returns each file that is shown.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        TerminateOnError(() =>
        {
            CellBox? size = Size is null ? null
                : CellBox.Parse(Size) ?? throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.NotASize(Size));
            // ValidateSet ignores upper and lower case.
            string protocol = ProtocolNames.Single(name => name.Equals(Protocol, StringComparison.OrdinalIgnoreCase));
            _display = new ImageDisplay(this, protocol, size, hasCaption: !PassThru);
        });
    }

    private static IEnumerable<string> ProtocolNames =>
        [ImageDisplay.Auto, ImageDisplay.Kitty, ImageDisplay.ITerm2, ImageDisplay.Sixel, ImageDisplay.Viewer];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object input in Path ?? LiteralPath ?? (IEnumerable<object>)InputObject!)
        {
            try
            {
                foreach (string path in PathsOf(input))
                    Show(path, input);
            }
            catch (NanoBananaException e)
            {
                WriteError(e.ToErrorRecord(input));
            }
        }
    }

    private IReadOnlyList<string> PathsOf(object input) => ParameterSetName switch
    {
        PathSet => PathReader.Resolve(this, (string)input),
        LiteralPathSet => [PathReader.Literal(this, (string)input)],
        _ => ShownInput.PathsOf(this, (PSObject)input, Journal.TryOpen),
    };

    private void Show(string path, object input)
    {
        try
        {
            if (Directory.Exists(path))
                throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.FolderToShow(path));
            Await(() => _display!.Prepare(path))(this);
        }
        catch (NanoBananaException e)
        {
            // The other images are still shown.
            WriteError(e.ToErrorRecord(input is PSObject ? input : path));
            return;
        }
        if (PassThru)
        {
            WriteObject(input is PSObject { BaseObject: FileInfo }
                ? input
                : SessionState.InvokeProvider.Item.Get([path], force: true, literalPath: true).First());
        }
    }
}
