namespace NanoBanana.Pipeline;

/// <content>The other commands of the pipeline: the end of submitting in them, and the error that the last one throws.</content>
internal sealed partial class CommandSession
{
    /// <summary>The error that ends the pipeline when this command has ended; null without such an error.</summary>
    public ErrorRecord? HeldError { get; private set; }

    /// <summary>Why the pipeline no longer submits, also for commands that start later in it; null while it submits.</summary>
    public NanoBananaException? StopReason { get; private set; }

    /// <summary>Whether a command of this pipeline has more than one work item.</summary>
    public bool HasSeveralItems => Pipeline().Any(session => session.Pump.Progress.Total > 1);

    /// <summary>Whether an earlier command in this pipeline submits. Then no variable contains the tasks.</summary>
    public bool FollowsSubmission => Pipeline().TakeWhile(session => session != this).Any(session => session.Run is not null);

    /// <summary>
    /// Ends submitting in all commands of the runspace, because this command can no longer work, for example on a full disk. Submissions
    /// that wait for their turn are not sent.
    /// </summary>
    public void StopSubmitting(NanoBananaException reason)
    {
        foreach (CommandSession session in SetStopReason(() => _runspaceData.Sessions, reason))
            session.Submissions?.End(reason);
    }

    /// <summary>
    /// Holds an error until the last command of this pipeline has ended, and ends submitting in it. For the pipeline thread.
    /// </summary>
    /// <returns>False if another error is already held.</returns>
    public bool HoldError(ErrorRecord record)
    {
        CommandSession[] all = SetStopReason(Pipeline, ErrorCatalog.AsKnown(record.Exception));
        if (all[all.Length - 1].HeldError is not null)
            return false;
        all[all.Length - 1].HeldError = record;
        return true;
    }

    /// <summary>Sets the stop reason of the selected sessions. A command that starts later copies it from a running one.</summary>
    private CommandSession[] SetStopReason(Func<IEnumerable<CommandSession>> select, NanoBananaException reason)
    {
        lock (_runspaceData.Sessions)
        {
            CommandSession[] sessions = [.. select()];
            Array.ForEach(sessions, session => session.StopReason ??= reason);
            return sessions;
        }
    }

    /// <summary>
    /// The sessions of this pipeline, in its order. Sessions that started after this one are later in the pipeline. Sessions before it
    /// belong to the pipeline as long as their positions decrease. An outer pipeline has other positions or another length.
    /// </summary>
    private IEnumerable<CommandSession> Pipeline()
    {
        List<CommandSession> all = _runspaceData.Sessions;
        int first = all.IndexOf(this);
        while (first > 0 && all[first - 1]._pipelinePosition is var previous
            && previous.Length == all[first]._pipelinePosition.Length && previous.Position < all[first]._pipelinePosition.Position)
            first--;
        return all.Skip(first);
    }
}
