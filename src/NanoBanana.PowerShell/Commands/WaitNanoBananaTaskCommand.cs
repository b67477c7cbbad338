namespace NanoBanana.Commands;

/// <summary>Polls any number of tasks together and emits each as it ends.</summary>
[Cmdlet(VerbsLifecycle.Wait, "NanoBananaTask", DefaultParameterSetName = TaskSet)]
[OutputType(typeof(ImageTask))]
public sealed class WaitNanoBananaTaskCommand : TaskCmdlet
{
    private WaitStage? _wait;

    /// <summary>How long to wait for each task, in seconds from the moment that it comes in.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>Cancels the tasks that did not end in time.</summary>
    [Parameter]
    public SwitchParameter StopOnTimeout { get; set; }

    private protected override bool HoldsErrors => true;

    private protected override ProgressStage Stage => ProgressStage.Waiting;

    private protected override void BeginProcessing(CommandSession session)
    {
        if (StopOnTimeout)
            session.Client.RequireCancellation();
        _wait = new WaitStage(session, TimeSpan.FromSeconds(TimeoutSec)) { CancelsOnTimeout = StopOnTimeout };
    }

    private protected override void ProcessTask(CommandSession session, ImageTask task) => session.Pump.Start(
        () =>
        {
            session.Hold(task);
            return _wait!.EmitAsync(task);
        },
        task);
}
