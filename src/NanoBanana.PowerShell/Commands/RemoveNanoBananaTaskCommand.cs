using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Forgets records of the journal. The tasks and files themselves are not touched.</summary>
[Cmdlet(VerbsCommon.Remove, "NanoBananaTask", DefaultParameterSetName = "Task", SupportsShouldProcess = true)]
public sealed class RemoveNanoBananaTaskCommand : NanoBananaCmdlet
{
    private bool _yesToAll;
    private bool _noToAll;

    /// <summary>The tasks to forget.</summary>
    [Parameter(ParameterSetName = "Task", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks to forget.</summary>
    [Parameter(ParameterSetName = "Id", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [StringsOnly("A task id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Does not ask before it forgets tasks that are paid for and not saved.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrTerminate(() =>
    {
        foreach (object given in Task as object[] ?? Id ?? [])
            Remove(Await(() => Journal.Open()), given);
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
        if (!ShouldProcess(task.Id.Length > 0 ? task.Id : task.Prompt ?? "", "Forget the task") || (!isKept && !Force && !Ask(task)))
            return;
        Await(() => JournalAccess.Require().RemoveAsync(task));
    }

    private bool Ask(ImageTask task) => ShouldContinue(
        $"Task {task.Id} is {task.Status} and its picture is not saved. Its id is the only way to what was paid for. Forget it?",
        "Forget a task that is not saved", ref _yesToAll, ref _noToAll);
}
