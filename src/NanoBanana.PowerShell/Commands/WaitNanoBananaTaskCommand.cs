namespace NanoBanana.Commands;

/// <summary>Polls any number of tasks together and emits each as it ends.</summary>
[Cmdlet(VerbsLifecycle.Wait, "NanoBananaTask", DefaultParameterSetName = TaskSet)]
[OutputType(typeof(ImageTask))]
public sealed class WaitNanoBananaTaskCommand : TaskCmdlet
{
    private CancellationTokenSource? _stopWaiting;
    private WaitStage? _wait;

    /// <summary>Returns as soon as a task has ended, and leaves the others running.</summary>
    [Parameter(HelpMessage = "Returns when at least one task has ended, and leaves the others running.")]
    public SwitchParameter Any { get; set; }

    /// <summary>How long to wait for each task, in seconds from the moment that it comes in.</summary>
    [Parameter(HelpMessage = "The time to wait for each task, in seconds after the command receives it.")]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>Cancels the tasks that did not end in time.</summary>
    [Parameter(HelpMessage = "Cancels the tasks that don't end in time.")]
    public SwitchParameter StopOnTimeout { get; set; }

    private protected override bool HoldsErrors => true;

    private protected override ProgressStage Stage => ProgressStage.Waiting;

    private protected override void BeginProcessing(CommandSession session)
    {
        if (StopOnTimeout)
            session.Client.RequireCancellation();
        _stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(session.StopToken);
        _wait = new WaitStage(session, TimeSpan.FromSeconds(TimeoutSec))
        {
            CancelsOnTimeout = StopOnTimeout,
            StopWaiting = _stopWaiting.Token,
        };
    }

    private protected override void ProcessTask(CommandSession session, ImageTask task) => session.Pump.Start(
        () =>
        {
            session.Hold(task);
            return _wait!.EmitAsync(task);
        },
        task);

    /// <summary>All input is taken first: the command above has bought it, and only this one can say what became of it.</summary>
    private protected override void InputEnded(CommandSession session)
    {
        if (!Any)
            return;
        session.Pump.DrainUntil(() => _wait!.HasEmitted || !session.Pump.HasWork);
        _stopWaiting!.Cancel();
    }

    private protected override void EndProcessing(CommandSession session)
    {
        if (_wait!.Left is not { Length: > 0 } left)
            return;
        string what = $"{(left.Length == 1 ? "1 task runs" : $"{left.Length} tasks run")} on at the service, paid for";
        if (!session.FollowsPurchase)
            WriteVerbose($"{what}: {string.Join(", ", left)}.");
        else
            session.Notice.Lines(what, left).ForEach(WriteWarning);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _stopWaiting?.Dispose();
    }
}
