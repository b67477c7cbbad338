using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Terminals;

namespace NanoBanana.Commands;

/// <summary>Saves the images of tasks in a folder. Waits first for tasks that have not ended.</summary>
[Cmdlet(VerbsData.Save, "NanoBananaImage", DefaultParameterSetName = TaskSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveNanoBananaImageCommand : SessionCmdlet
{
    /// <summary>
    /// The maximum number of tasks that are waited for or saved at the same time. At this number, New-NanoBananaImage waits, so that a long
    /// run needs no more memory than a short one.
    /// </summary>
    private const int MaximumActiveTasks = 2000;

    private const string BatchSet = "Batch";

    private readonly List<string> _declined = [];
    private ImageTarget? _target;
    private string? _action;
    private WaitStage? _wait;
    private SaveStage? _save;

    /// <summary>The tasks whose images to save.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The tasks whose images to save.")]
    [Alias("InputObject")]
    [TaskInput]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks whose images to save.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The ids of the tasks whose images to save.")]
    [StringsOnly("A task id", AllowsOtherBinding = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Batches from Get-NanoBananaBatch, whose unsaved images to save.</summary>
    [Parameter(ParameterSetName = BatchSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The batches from Get-NanoBananaBatch.")]
    [BatchInput]
    public ImageBatch[]? InputBatch { get; set; }

    /// <summary>The folder. It is created if it does not exist.</summary>
    [Parameter(Position = 0, HelpMessage = "The folder to save the images in.")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>The template for the names of the files, with fields in braces.</summary>
    [Parameter(HelpMessage = "The template for the names of the files, without the extension.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileNameCompleter))]
    public string? FileName { get; set; }

    /// <summary>Replaces existing files.</summary>
    [Parameter(HelpMessage = "Replaces existing files, and also saves images that were moved or that another machine saved.")]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes a JSON file next to each image, with the request and its result.</summary>
    [Parameter(HelpMessage = "Writes a JSON file with details next to each image.")]
    public SwitchParameter Metadata { get; set; }

    /// <summary>Shows each saved image in the terminal, or in the viewer of the desktop.</summary>
    [Parameter(HelpMessage = "Shows each image when it is saved.")]
    public SwitchParameter Show { get; set; }

    /// <summary>The time to wait for each task, in seconds after the command receives it.</summary>
    [Parameter(HelpMessage = "The time to wait for each task, in seconds after the command receives it.")]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>The maximum number of downloads at the same time, 1 to 256.</summary>
    [Parameter(HelpMessage = "The maximum number of downloads at the same time, 1 to 256.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private protected override bool HoldsErrors => true;

    private protected override bool SavesImages => true;

    private protected override ProgressStage Stage => ProgressStage.Saving;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        TerminateOnError(() =>
        {
            FileNameTemplate template = FileName is null ? FileNameTemplate.Default : FileNameTemplate.Parse(FileName);
            _target = ImageTarget.InDirectory(PathReader.Literal(this, Destination), template, Force, Metadata);
            if (!IsWhatIf)
                _target.CheckWritable();
        });
        base.BeginProcessing();
    }

    private protected override void BeginProcessing(CommandSession session)
    {
        _wait = new WaitStage(session, TimeSpan.FromSeconds(TimeoutSec));
        _save = new SaveStage(session, _target!, ThrottleLimit, Show && !IsWhatIf ? ImageDisplay.OfSaved(this) : null);
    }

    private protected override void EndProcessing(CommandSession session)
    {
        foreach (string warning in new[] { _save?.SizeWarning(), _save?.MovedWarning(), _save?.ElsewhereWarning() }.OfType<string>())
            WriteWarning(warning);
        WarnOfDeclined(session);
    }

    private protected override void ProcessRecord(CommandSession session)
    {
        if (InputBatch is null)
            ForEachTask(session, Task, Id, task => Save(session, task));
        else
            TerminateOnError(() => Array.ForEach(InputBatch, batch => SaveBatch(session, batch)));
    }

    /// <summary>Saves the unsaved images of a batch at its endpoint, while its entries are read.</summary>
    private void SaveBatch(CommandSession session, ImageBatch batch)
    {
        var filter = new JournalFilter { Batch = name => name == batch.Batch, Endpoint = batch.Endpoint, Unsaved = true, Current = true };
        using IEnumerator<IReadOnlyList<ImageTask>>? portions = Await(Journal.Open)?.Portions(filter).GetEnumerator();
        while (portions is not null && Await(portions.MoveNext))
        {
            ForEachTask(session, portions.Current, null, task => Save(session, task));
            session.Pump.Drain();
        }
    }

    private void Save(CommandSession session, ImageTask task)
    {
        if (!ShouldProcess(task.Id, _action ??= Messages.SaveImages(Destination)))
        {
            Decline(session, task);
            return;
        }
        // Started before writing: a later command that receives an object can end the pipeline.
        session.Pump.Start(() => SaveAsync(session, task), task);
        session.Pump.WaitUntilBelow(MaximumActiveTasks);
    }

    private async Task SaveAsync(CommandSession session, ImageTask task)
    {
        using IDisposable? lease = session.LeaseTask(task);
        if (await _wait!.WaitForImageAsync(task).ConfigureAwait(false) is { } completed)
            await _save!.SaveAsync(completed).ConfigureAwait(false);
    }

    /// <summary>Records a declined task. It is already paid for, and no variable contains it.</summary>
    private void Decline(CommandSession session, ImageTask task)
    {
        if (!session.FollowsSubmission || task.RunItem is not { IsUnsaved: true })
            return;
        session.Notice.Add(task);
        _declined.Add(task.Id);
    }

    private void WarnOfDeclined(CommandSession session)
    {
        string destination = new TypedWord(null).Write(TextSafety.Excerpt(Destination, int.MaxValue));
        List<string> messages = session.Notice.Describe(Messages.NotSaved(_declined.Count), [.. _declined], destination);
        if (messages.Count > 0 && IsWhatIf)
            messages[messages.Count - 1] += Messages.PreviewInNew;
        messages.ForEach(WriteWarning);
    }
}
