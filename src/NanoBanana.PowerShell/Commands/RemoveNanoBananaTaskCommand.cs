using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Removes entries from the journal. The tasks at the service and the image files stay as they are.</summary>
[Cmdlet(VerbsCommon.Remove, "NanoBananaTask", DefaultParameterSetName = "Task", SupportsShouldProcess = true)]
public sealed class RemoveNanoBananaTaskCommand : NanoBananaCmdlet
{
    /// <summary>Entries that are removed in one transaction: others wait for one of them at most.</summary>
    private const int Portion = 500;

    private readonly List<ImageTask> _removed = [];
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>The tasks to remove.</summary>
    [Parameter(ParameterSetName = "Task", Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "The tasks to remove, as Get-NanoBananaTask lists them.")]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(EntryIdCompleter))]
    [TaskInput]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks to remove.</summary>
    [Parameter(ParameterSetName = "Id", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The ids of tasks.")]
    [StringsOnly("A task id", LetsOthersTry = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Batches, as Get-NanoBananaBatch emits them, whose tasks to remove.</summary>
    [Parameter(ParameterSetName = "Batch", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Batches, as Get-NanoBananaBatch emits them.")]
    [BatchInput]
    public ImageBatch[]? InputBatch { get; set; }

    /// <summary>The names of the batches whose tasks to remove.</summary>
    [Parameter(ParameterSetName = "Journal", HelpMessage = "The exact names of the batches to remove.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string[]? Batch { get; set; }

    /// <summary>Removes only tasks that were begun before this time.</summary>
    [Parameter(ParameterSetName = "Journal", HelpMessage = "Removes only tasks that were submitted before this time.")]
    [ValidateNotNull]
    public DateTime? Before { get; set; }

    /// <summary>Removes only tasks of this service, whichever of its addresses they were submitted to.</summary>
    [Parameter(ParameterSetName = "Journal",
        HelpMessage = "Removes only tasks of this service.")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <summary>Does not ask before it removes tasks that are paid for and not saved.</summary>
    [Parameter(HelpMessage = "Does not ask before it removes tasks that are paid for and not saved.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrTerminate(() =>
    {
        foreach (object given in Task as object[] ?? Id ?? [])
            Remove(Await(Journal.Open), given);
        foreach (ImageBatch batch in InputBatch ?? [])
            RemoveListed(batch.Batch, batch.Endpoint, before: null);
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => OrTerminate(() =>
    {
        if (ParameterSetName != "Journal")
            Flush();
        else if (Batch is null && Before is null)
            throw new NanoBananaException(
                NanoBananaErrorKind.InvalidRequest, "-Endpoint alone would remove every task of a service. Give -Batch or -Before as well.");
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
            WriteError(new NanoBananaException(NanoBananaErrorKind.TaskNotFound, $"The journal has no task '{TextSafety.Excerpt(id)}'. Get-NanoBananaTask lists what it has.") { TaskId = id }.ToErrorRecord(given));
            return;
        }
        bool isKept = task.Status is ImageTaskStatus.Failed or ImageTaskStatus.Canceled
            || (task.Status == ImageTaskStatus.Completed && !Await(() => journal.IsUnsaved(task)));
        if (!ShouldProcess(task.Id.Length > 0 ? task.Id : task.Prompt ?? "", "Remove the task from the journal")
            || (!isKept && !Force && !Ask($"Task {task.Id} is {task.Status} and its image is not saved. Its id is the only way to what was paid for. Remove it?")))
            return;
        _removed.Add(task);
        if (_removed.Count >= Portion)
            Flush();
    }

    /// <summary>Removes a batch, or all that is older than a date.</summary>
    private void RemoveListed(string? batch, Uri? endpoint, DateTime? before)
    {
        var filter = new JournalFilter
        {
            Batch = batch is null ? null : name => name == batch,
            Before = before,
            Endpoint = endpoint,
            NotLeased = true,
        };
        string what = string.Join(" ", new[]
        {
            batch is null ? "all tasks" : $"the tasks of batch '{batch}'",
            before is { } date ? $"begun before {date:yyyy-MM-dd HH:mm}" : "",
            endpoint is null ? "" : $"at {endpoint}",
        }.Where(part => part.Length > 0));
        JournalReader? journal = Await(Journal.Open);
        long count = Await(() => journal?.Count(filter) ?? 0);
        long unsaved = Await(() => journal?.Count(filter with { Unsaved = true }) ?? 0);
        if (count == 0)
        {
            WriteVerbose($"The journal has none of {what}.");
            return;
        }
        string unsavedNote = unsaved == 0 ? "" : $"{unsaved} of them are paid for and not saved. ";
        if (!ShouldProcess($"{what} ({count}). {unsavedNote}".TrimEnd(), "Remove from the journal")
            || (unsaved > 0 && !Force && !Ask($"{unsavedNote}Their ids are the only way to what was paid for. Remove {what}?")))
            return;
        using IEnumerator<IReadOnlyList<ImageTask>> portions = journal!.Portions(filter).GetEnumerator();
        while (Await(portions.MoveNext))
        {
            _removed.AddRange(portions.Current);
            Flush();
        }
        WriteVerbose($"Removed {what} ({count}).");
    }

    private void Flush()
    {
        if (_removed.Count == 0)
            return;
        TaskJournal journal = Journal.Require();
        ImageTask[] tasks = [.. _removed];
        _removed.Clear();
        Await(() => journal.RemoveAsync(tasks));
        Await(async () =>
        {
            await journal.GiveBackAsync().ConfigureAwait(false);
            return true;
        });
    }

    private bool Ask(string question) => ShouldContinue(question, "Remove a task that is not saved", ref _yesToAll, ref _noToAll);
}
