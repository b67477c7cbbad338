using System.Management.Automation;
using NanoBanana.Binding;
using NanoBanana.Completion;
using NanoBanana.Pipeline;

namespace NanoBanana.Commands;

/// <summary>Polls any number of tasks together and emits each as it ends.</summary>
[Cmdlet(VerbsLifecycle.Wait, "NanoBananaTask", DefaultParameterSetName = TaskSet)]
[OutputType(typeof(ImageTask))]
public sealed class WaitNanoBananaTaskCommand : TaskCmdlet
{
    private WaitStage? _wait;

    /// <summary>The tasks to wait for.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks to wait for.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [StringsOnly("A task id", LetsOthersTry = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FirstIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>How long to wait for each task, in seconds from the moment that it comes in.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>Cancels the tasks that did not end in time.</summary>
    [Parameter]
    public SwitchParameter StopOnTimeout { get; set; }

    private protected override ImageTask[]? GivenTasks => Task;

    private protected override string[]? GivenIds => Id;

    private protected override ProgressStage Stage => ProgressStage.Waiting;

    /// <inheritdoc/>
    protected override void Begin()
    {
        base.Begin();
        if (StopOnTimeout)
            Client.RequireCancellation();
        _wait = new WaitStage(Pump, Client, TimeSpan.FromSeconds(TimeoutSec), Notice, StopToken) { CancelsOnTimeout = StopOnTimeout };
    }

    private protected override void Accept(ImageTask task)
    {
        Hold(task);
        Pump.Start(() => _wait!.EmitAsync(task), task);
    }
}
