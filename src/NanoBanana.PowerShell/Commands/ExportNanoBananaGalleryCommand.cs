using System.Diagnostics;
using NanoBanana.Client.Gallery;

namespace NanoBanana.Commands;

/// <summary>Writes an HTML page of images and tasks.</summary>
[Cmdlet(VerbsData.Export, "NanoBananaGallery", DefaultParameterSetName = InputSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportNanoBananaGalleryCommand : NanoBananaCmdlet
{
    private const string InputSet = "InputObject";
    private const string BatchSet = "Batch";

    /// <summary>The id of the progress activity, after the ids of <see cref="Pipeline.ProgressStage"/>.</summary>
    private const int ProgressId = 196_009;

    private readonly Stopwatch _shown = Stopwatch.StartNew();
    private GalleryPages? _gallery;
    private string _page = "";
    private int _cards;
    private int _images;
    private bool _isShown;

    /// <summary>The page to write. A name without an extension gets <c>.html</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The page to write, with the extension .html or .htm.")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Saved images, tasks, or batches.</summary>
    [Parameter(ParameterSetName = InputSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The saved images, image files, tasks or batches to show.")]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The names of the batches whose requests to show.</summary>
    [Parameter(ParameterSetName = BatchSet, Mandatory = true, HelpMessage = "The names of batches.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string[]? Batch { get; set; }

    /// <summary>The heading of the page. The default is the name of the batch or of the page.</summary>
    [Parameter(HelpMessage = "The heading of the page.")]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Writes the images into the page.</summary>
    [Parameter(HelpMessage = "Puts the images into the page, so that you can send the page as one file.")]
    public SwitchParameter Embed { get; set; }

    /// <summary>Shows thumbnails.</summary>
    [Parameter(HelpMessage = "Shows thumbnails of up to 512 by 384 pixels that link to the images.")]
    public SwitchParameter Thumbnail { get; set; }

    /// <summary>Replaces an existing page.</summary>
    [Parameter(HelpMessage = "Replaces a page that exists.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        TerminateOnError(OpenGallery);
    }

    private void OpenGallery()
    {
        _page = GalleryInput.PageOf(this, Path!);
        GalleryWriter.CheckFree(_page, Force);
        IReadOnlyList<ImageTask> tasks = Await(() => (IReadOnlyList<ImageTask>)[.. (Batch ?? [])
            .SelectMany(batch => GalleryInput.TasksOf(batch, endpoint: null, Journal.Open()))]);
        if (!ShouldProcess(_page, Messages.WriteGallery))
            return;
        _gallery = new GalleryPages(new GalleryOptions
        {
            Path = _page,
            Title = Title ?? (Batch is null ? null : string.Join(", ", Batch)) ?? System.IO.Path.GetFileNameWithoutExtension(_page),
            Embed = Embed,
            Thumbnail = MyInvocation.BoundParameters.ContainsKey(nameof(Thumbnail)) ? Thumbnail : null,
            Force = Force,
            OnProblem = (entry, e) => WriteError(e.ToErrorRecord(new FileInfo(entry.FilePath!))),
        });
        foreach (ImageTask task in tasks)
            Add(GalleryEntry.OfTask(task, Journal.Open()));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TerminateOnError(() =>
    {
        foreach (PSObject input in InputObject ?? [])
        {
            try
            {
                Add(GalleryInput.EntriesOf(input, Journal.TryOpen()));
            }
            // If the page can't be written, the command ends.
            catch (NanoBananaException e) when (e.Kind != NanoBananaErrorKind.WriteFailed)
            {
                WriteError(e.ToErrorRecord(input));
            }
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => TerminateOnError(() =>
    {
        if (_gallery is null)
            return;
        _gallery.Finish(StopToken);
        if (_isShown)
        {
            WriteProgress(
                new ProgressRecord(ProgressId, Messages.WritingGallery, Messages.Done) { RecordType = ProgressRecordType.Completed });
        }
        if (_gallery.Count > 1)
            WriteVerbose(Messages.GalleryPages(_gallery.Count));
        PSObject page = new FileItemFactory(SessionState).Create(_page, "NanoBanana.GalleryFile");
        FileItemFactory.Add(page, "Cards", _cards);
        FileItemFactory.Add(page, "Images", _images);
        FileItemFactory.Add(page, "Pages", _gallery.Count);
        WriteObject(page);
    });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Removes an unfinished page.
        _gallery?.Dispose();
        base.Dispose(disposing);
    }

    private void Add(IEnumerable<GalleryEntry> entries)
    {
        foreach (GalleryEntry entry in entries)
        {
            _gallery?.Add(entry, StopToken);
            _cards++;
            _images += File.Exists(entry.FilePath) ? 1 : 0;
            ShowProgress();
        }
    }

    /// <summary>Writes progress at most once a second. Thumbnails of a large gallery take minutes.</summary>
    private void ShowProgress()
    {
        if (_shown.Elapsed.TotalSeconds < 1)
            return;
        _shown.Restart();
        _isShown = true;
        WriteProgress(new ProgressRecord(ProgressId, Messages.WritingGallery, Messages.Cards(_cards)));
    }
}
