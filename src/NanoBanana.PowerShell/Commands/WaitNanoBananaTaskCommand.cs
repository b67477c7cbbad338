namespace NanoBanana.Commands;

/// <summary>Waits for any number of tasks together and emits each task when it ends.</summary>
[Cmdlet(VerbsLifecycle.Wait, "NanoBananaTask", DefaultParameterSetName = TaskSet)]
[OutputType(typeof(ImageTask))]
public sealed class WaitNanoBananaTaskCommand : TaskCmdlet
{
    private CancellationTokenSource? _stopWaiting;
    private WaitStage? _wait;

    /// <summary>Returns when at least one task has ended, and leaves the others running.</summary>
    [Parameter(HelpMessage = "Returns when at least one task has ended, and leaves the others running.")]
    public SwitchParameter Any { get; set; }

    /// <summary>The time to wait for each task, in seconds after the command receives it.</summary>
    [Parameter(HelpMessage = "The time to wait for each task, in seconds after the command receives it.")]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>Cancels the tasks that don't end in time.</summary>
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
            // An ended task is only passed on.
            if (task.HasEnded)
                session.AddRun(task);
            else
                session.KeepLease(task);
            return _wait!.WaitAndEmitAsync(task);
        },
        task);

    /// <summary>With -Any, takes all input first: earlier commands have bought it, and only this command can report it.</summary>
    private protected override void InputEnded(CommandSession session)
    {
        if (!Any)
            return;
        session.Pump.DrainUntil(() => _wait!.HasEmitted || !session.Pump.HasWork);
        _stopWaiting!.Cancel();
    }

    private protected override void EndProcessing(CommandSession session)
    {
        if (_wait!.StillRunning is not { Length: > 0 } running)
            return;
        string what = Messages.StillRunning(running.Length);
        if (!session.FollowsSubmission)
            WriteVerbose(Messages.WithIds(what, running));
        else
            session.Notice.Describe(what, running).ForEach(WriteWarning);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _stopWaiting?.Dispose();
    }
}
