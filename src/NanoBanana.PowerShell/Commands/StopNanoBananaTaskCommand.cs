using System.Management.Automation;
using NanoBanana.Binding;
using NanoBanana.Client;
using NanoBanana.Completion;
using NanoBanana.Pipeline;

namespace NanoBanana.Commands;

/// <summary>Cancels tasks at the service and emits each as it stands afterwards.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NanoBananaTask", DefaultParameterSetName = TaskSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImageTask))]
public sealed class StopNanoBananaTaskCommand : TaskCmdlet
{
    /// <summary>The tasks to cancel.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks to cancel.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [StringsOnly("A task id", LetsOthersTry = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    public string[]? Id { get; set; }

    private protected override ImageTask[]? GivenTasks => Task;

    private protected override string[]? GivenIds => Id;

    private protected override ProgressStage Stage => ProgressStage.Canceling;

    /// <inheritdoc/>
    protected override void Begin()
    {
        base.Begin();
        Client.RequireCancellation();
    }

    private protected override void Accept(ImageTask task)
    {
        string target = task.Prompt is null ? task.Id : $"{task.Id} ('{TextSafety.Excerpt(task.Prompt, 40)}')";
        if (ShouldProcess(target, "Cancel the task"))
            Pump.Start(() => CancelAsync(task), task);
    }

    private async Task CancelAsync(ImageTask task)
    {
        ImageTask after = await Client.CancelAsync(task, Pump, StopToken).ConfigureAwait(false);
        bool isCanceled = after.Status == ImageTaskStatus.Canceled;
        if (!isCanceled)
            Pump.Post(PumpMessage.Warning($"Task {after.Id} {CancelOutcome.Describe(after)}"));
        // Canceled on purpose is no failure: no later command of the pipeline reports it.
        Pump.PostObject(isCanceled ? after with { FailureReported = true } : after);
    }
}
