namespace NanoBanana.Commands;

/// <summary>Cancels tasks at the service and emits each task with its new status.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NanoBananaTask", DefaultParameterSetName = TaskSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImageTask))]
public sealed class StopNanoBananaTaskCommand : TaskCmdlet
{
    private protected override ProgressStage Stage => ProgressStage.Canceling;

    private protected override void BeginProcessing(CommandSession session) => session.Client.RequireCancellation();

    private protected override void ProcessTask(CommandSession session, ImageTask task)
    {
        if (ShouldProcess(Messages.TaskAndPrompt(task), Messages.CancelTask))
            session.Pump.Start(() => CancelAsync(session, task), task);
    }

    private static async Task CancelAsync(CommandSession session, ImageTask task)
    {
        ImageTask after = await session.Client.CancelAsync(task, session.Pump, session.StopToken).ConfigureAwait(false);
        if (after.HasEnded)
            after.RunItem?.MarkEnded(after);
        bool isCanceled = after.Status == ImageTaskStatus.Canceled;
        if (!isCanceled)
            session.Pump.PostWarning(Messages.TaskCancel(after));
        // The user canceled it, so no later command of the pipeline reports it as a failure.
        session.Pump.PostObject(isCanceled ? after with { FailureReported = true } : after);
    }
}
