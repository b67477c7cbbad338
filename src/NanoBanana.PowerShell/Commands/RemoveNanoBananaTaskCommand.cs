using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Removes entries from the journal. Tasks at the service and image files are not changed.</summary>
[Cmdlet(VerbsCommon.Remove, "NanoBananaTask", DefaultParameterSetName = "Task", SupportsShouldProcess = true)]
public sealed class RemoveNanoBananaTaskCommand : NanoBananaCmdlet
{
    /// <summary>The number of entries in one transaction, so that other processes wait only a short time.</summary>
    private const int Portion = 500;

    /// <summary>The statuses of tasks that can be paid for and not saved.</summary>
    private static readonly ImageTaskStatus[] BoughtStatuses =
        [ImageTaskStatus.Pending, ImageTaskStatus.Running, ImageTaskStatus.Completed];

    private readonly List<ImageTask> _removed = [];
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>The tasks to remove.</summary>
    [Parameter(ParameterSetName = "Task", Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "The tasks to remove, from Get-NanoBananaTask.")]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(EntryIdCompleter))]
    [TaskInput]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks to remove.</summary>
    [Parameter(ParameterSetName = "Id", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The ids of tasks.")]
    [StringsOnly("A task id", AllowsOtherBinding = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Batches from Get-NanoBananaBatch, whose tasks to remove.</summary>
    [Parameter(ParameterSetName = "Batch", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The batches from Get-NanoBananaBatch.")]
    [BatchInput]
    public ImageBatch[]? InputBatch { get; set; }

    /// <summary>The names of the batches whose tasks to remove.</summary>
    [Parameter(ParameterSetName = "Journal", HelpMessage = "The exact names of the batches to remove.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string[]? Batch { get; set; }

    /// <summary>Removes only tasks that were submitted before this time.</summary>
    [Parameter(ParameterSetName = "Journal", HelpMessage = "Removes only tasks that were submitted before this time.")]
    [ValidateNotNull]
    public DateTime? Before { get; set; }

    /// <summary>Removes only tasks of this service, regardless of which of its addresses was used.</summary>
    [Parameter(ParameterSetName = "Journal",
        HelpMessage = "Removes only tasks of this service.")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <summary>Does not ask before it removes tasks that are paid for and not saved.</summary>
    [Parameter(HelpMessage = "Removes the tasks without confirmation, even if they are paid for and not saved.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TerminateOnError(() =>
    {
        foreach (object given in Task as object[] ?? Id ?? [])
            Remove(Await(Journal.Open), given);
        foreach (ImageBatch batch in InputBatch ?? [])
            RemoveListed(batch.Batch, batch.Endpoint, before: null);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => TerminateOnError(() =>
    {
        if (ParameterSetName != "Journal")
            Flush();
        else if (Batch is null && Before is null)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.EndpointAlone);
        else if (Batch is null)
            RemoveListed(null, Endpoint, Before);
        else
            Array.ForEach(Batch, name => RemoveListed(name, Endpoint, Before));
    });

    private void Remove(JournalReader? journal, object given)
    {
        string id = given as string ?? ((ImageTask)given).Id;
        ImageTask? task = given is ImageTask { Id: "" } unknown ? unknown : Await(() => journal?.FindById(id));
        if (journal is null || task is null)
        {
            // With the error action Stop, the command ends here.
            Flush();
            string name = id.Length > 0 ? id : (given as ImageTask)?.Prompt ?? "";
            var error = new NanoBananaException(NanoBananaErrorKind.TaskNotFound, Messages.TaskNotInJournal(name)) { TaskId = id };
            WriteError(error.ToErrorRecord(given));
            return;
        }
        bool isSafeToRemove = task.Status is ImageTaskStatus.Failed or ImageTaskStatus.Canceled
            || (task.Status == ImageTaskStatus.Completed && !Await(() => journal.IsUnsaved(task)));
        if (!ShouldProcess(task.Id.Length > 0 ? task.Id : task.Prompt ?? "", Messages.RemoveTask)
            || (!isSafeToRemove && !Force && !Confirm(QuestionOf(task))))
            return;
        _removed.Add(task);
        if (_removed.Count >= Portion)
            Flush();
    }

    /// <summary>Removes the tasks of a batch, or all tasks before a time.</summary>
    private void RemoveListed(string? batch, Uri? endpoint, DateTime? before)
    {
        var filter = new JournalFilter
        {
            Batch = batch is null ? null : name => name == batch,
            Before = before,
            Endpoint = endpoint,
            NotLeased = true,
        };
        string what = Messages.SelectedTasks(batch, before, endpoint);
        JournalReader? journal = Await(Journal.Open);
        long count = Await(() => journal?.Count(filter) ?? 0);
        long unsaved = Await(() => journal?.Count(filter with { Unsaved = true, Status = BoughtStatuses }) ?? 0);
        // The next run of the batch can submit these requests again, although they may be paid for.
        long unknown = Await(() => journal?.Count(filter with { Status = [ImageTaskStatus.Unknown] }) ?? 0);
        if (count == 0)
        {
            WriteVerbose(Messages.NothingToRemove(what));
            return;
        }
        if (!ShouldProcess(Messages.RemoveTarget(what, count, unsaved, unknown), Messages.RemoveTasks)
            || (unsaved + unknown > 0 && !Force && !Confirm(Messages.RemoveUnsavedTasks(unsaved, unknown, what))))
            return;
        using IEnumerator<IReadOnlyList<ImageTask>> portions = journal!.Portions(filter).GetEnumerator();
        while (Await(portions.MoveNext))
        {
            _removed.AddRange(portions.Current);
            Flush();
        }
        WriteVerbose(Messages.Removed(what, count));
    }

    private void Flush()
    {
        if (_removed.Count == 0)
            return;
        TaskJournal journal = Journal.Require();
        ImageTask[] tasks = [.. _removed];
        _removed.Clear();
        Await(() => journal.RemoveAsync(tasks));
        Await(journal.ReturnFreeSpaceAsync);
    }

    private static string QuestionOf(ImageTask task) => task.Id.Length > 0
        ? Messages.RemoveUnsavedTask(task.Id, task.Status)
        : Messages.RemoveUnknownSubmission(task.Prompt);

    private bool Confirm(string question) => ShouldContinue(question, Messages.RemoveUnsavedCaption, ref _yesToAll, ref _noToAll);
}
