using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Terminals;

namespace NanoBanana.Commands;

/// <summary>Downloads the images of tasks into a folder; waits first for tasks that are not done.</summary>
[Cmdlet(VerbsData.Save, "NanoBananaImage", DefaultParameterSetName = TaskSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveNanoBananaImageCommand : SessionCmdlet
{
    /// <summary>Tasks that are waited for or saved at once. New-NanoBananaImage waits for room, so that a long run takes no more memory than a short one.</summary>
    private const int MostInHand = 2000;

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
    [StringsOnly("A task id", LetsOthersTry = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Batches, as Get-NanoBananaBatch emits them, of which to save what is not saved.</summary>
    [Parameter(ParameterSetName = BatchSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Batches, as Get-NanoBananaBatch emits them.")]
    [BatchInput]
    public ImageBatch[]? InputBatch { get; set; }

    /// <summary>The folder; made if it does not exist.</summary>
    [Parameter(Position = 0, HelpMessage = "The folder to save the images in.")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>How to name the files, with fields in braces.</summary>
    [Parameter(HelpMessage = "The template for the names of the files, without the extension.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileNameCompleter))]
    public string? FileName { get; set; }

    /// <summary>Replaces files that are there already.</summary>
    [Parameter(HelpMessage = "Replaces existing files, and also saves images that were moved or that another machine saved.")]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes a JSON file beside each image that says how it was made and makes it again.</summary>
    [Parameter(HelpMessage = "Writes a JSON file with details next to each image.")]
    public SwitchParameter Metadata { get; set; }

    /// <summary>Shows each image in the terminal, else in the viewer of the desktop, as it is saved.</summary>
    [Parameter(HelpMessage = "Shows each image when it is saved.")]
    public SwitchParameter Show { get; set; }

    /// <summary>How long to wait for each task that is not done, in seconds from the moment that it comes in.</summary>
    [Parameter(HelpMessage = "The time to wait for each task, in seconds after the command receives it.")]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>The most downloads at once.</summary>
    [Parameter(HelpMessage = "The maximum number of downloads at the same time, 1 to 256.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private protected override bool HoldsErrors => true;

    private protected override bool SavesImages => true;

    private protected override ProgressStage Stage => ProgressStage.Saving;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        OrTerminate(() =>
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
        TellDeclined(session);
    }

    private protected override void ProcessRecord(CommandSession session)
    {
        if (InputBatch is null)
            ForEachTask(session, Task, Id, task => Save(session, task));
        else
            OrTerminate(() => Array.ForEach(InputBatch, batch => SaveBatch(session, batch)));
    }

    /// <summary>Saves what a batch has at its endpoint, while its entries are read.</summary>
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
        if (!ShouldProcess(task.Id, _action ??= $"Save the images to {Destination}"))
        {
            Decline(session, task);
            return;
        }
        // First taken in hand: a command below that is written to meanwhile may end the pipeline.
        session.Pump.Start(() => SaveAsync(session, task), task);
        session.Pump.WaitForRoom(MostInHand);
    }

    private async Task SaveAsync(CommandSession session, ImageTask task)
    {
        session.Hold(task);
        if (await _wait!.CompleteAsync(task).ConfigureAwait(false) is { } completed)
            await _save!.SaveAsync(completed).ConfigureAwait(false);
    }

    /// <summary>A preview or a "no" keeps nothing from being bought above, and the task is in no variable.</summary>
    private void Decline(CommandSession session, ImageTask task)
    {
        if (!session.FollowsPurchase || task.RunItem is not { IsUnsaved: true })
            return;
        session.Notice.Add(task);
        _declined.Add(task.Id);
    }

    private void TellDeclined(CommandSession session)
    {
        string what = $"{(_declined.Count == 1 ? "1 task is" : $"{_declined.Count} tasks are")} paid for and not saved";
        string destination = new TypedWord(null).Write(TextSafety.Excerpt(Destination, int.MaxValue));
        List<string> lines = session.Notice.Lines(what, [.. _declined], destination);
        if (lines.Count > 0 && IsWhatIf)
            lines[lines.Count - 1] += ". To preview a purchase, give -WhatIf to New-NanoBananaImage; here it previews the files alone.";
        lines.ForEach(WriteWarning);
    }
}
