namespace NanoBanana.Pipeline;

/// <summary>A command that processes tasks, which are its first argument, as objects or ids.</summary>
public abstract class TaskCmdlet : SessionCmdlet
{
    /// <summary>The tasks.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The tasks from New-NanoBananaImage or Get-NanoBananaTask.")]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    [TaskInput]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The ids of tasks.")]
    [StringsOnly("A task id", AllowsOtherBinding = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Starts the work on one task.</summary>
    private protected abstract void ProcessTask(CommandSession session, ImageTask task);

    private protected override void ProcessRecord(CommandSession session) =>
        ForEachTask(session, Task, Id, task => ProcessTask(session, task));
}
