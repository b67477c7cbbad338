using NanoBanana.Client.Files;

namespace NanoBanana.Pipeline;

/// <summary>
/// A command that works with the service. Its methods receive a ready session: the client and the pump. What they start goes on
/// beside the pipeline; results are written between two inputs, and the rest when the input has ended.
/// </summary>
public abstract class SessionCmdlet : NanoBananaCmdlet
{
    private protected const string TaskSet = "Task";
    private protected const string IdSet = "Id";

    private readonly Dictionary<string, int> _leftOut = new(StringComparer.Ordinal);
    private volatile CommandSession? _session;

    /// <summary>The connection to use; that of the runspace when not given.</summary>
    [Parameter(HelpMessage = "The connection to use in place of the session's own.")]
    [ValidateNotNull]
    public NanoBananaConnection? Connection { get; set; }

    /// <summary>How its progress is shown.</summary>
    private protected abstract ProgressStage Stage { get; }

    private protected sealed override bool ViewsCanWait => true;

    private protected sealed override NanoBananaConnection? JournalConnection => Connection ?? base.JournalConnection;

    /// <summary>The run that the command begins; null for a command that submits nothing.</summary>
    private protected virtual ImageRun? Run => null;

    /// <summary>False when nothing is sent, so that no key is required.</summary>
    private protected virtual bool NeedsConnection => true;

    /// <summary>Checks what can be checked before any input: an error here ends the pipeline, and nothing is bought yet.</summary>
    private protected virtual void BeginProcessing(CommandSession session)
    {
    }

    /// <summary>Takes one input object and starts its work.</summary>
    private protected abstract void ProcessRecord(CommandSession session);

    /// <summary>No more input comes. What is under way is waited for afterwards.</summary>
    private protected virtual void InputEnded(CommandSession session)
    {
    }

    /// <summary>Writes what there is to say when all work has ended.</summary>
    private protected virtual void EndProcessing(CommandSession session)
    {
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        OrTerminate(() =>
        {
            if (NeedsConnection)
                Connection = ConnectionResolver.Resolve(Connection);
            _session = new CommandSession(this, Host, NeedsConnection ? Journal.ClientOf(Connection!) : null, Stage, StopSource)
            {
                Run = Run,
                FinishesWork = SavesImages && EndsOnError,
            };
            if (Connection is not null)
                _session.Pump.Log = OpenLog(Connection);
            // A stop that came before the session existed could not reach it.
            if (StopToken.IsCancellationRequested)
                throw new PipelineStoppedException();
            BeginProcessing(_session);
        });
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        ProcessRecord(_session!);
        _session!.Pump.Drain();
    }

    /// <summary>Whether the command saves images.</summary>
    private protected virtual bool SavesImages => false;

    /// <summary>Whether an error waits under the error action Stop until all that is paid for is saved.</summary>
    private protected virtual bool HoldsErrors => false;

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        InputEnded(_session!);
        // While requests are under way.
        LoadViews();
        _session!.Finish();
        if (_session.Notice.TimeoutLine() is { } line)
            WriteWarning(line);
        foreach (KeyValuePair<string, int> leftOut in _leftOut)
            WriteWarning($"{(leftOut.Value == 1 ? "1 task was" : $"{leftOut.Value} tasks were")} left out: made {leftOut.Key}, where this connection ({_session.Client.Endpoint}) does not lead. Connect there and run the command again.");
        EndProcessing(_session);
        _session.IsComplete = true;
        if (_session.HeldError is { } held)
            ThrowTerminatingError(held);
    }

    /// <summary>
    /// Writes an error. Under Stop that would end the pipeline at once, with paid tasks on their way: the last command of ours throws the
    /// first error at its end instead, when all is saved. Nothing more is bought until then.
    /// </summary>
    internal override void WriteError(ErrorRecord record)
    {
        if (!HoldsErrors || !EndsOnError || _session is not { } session)
            base.WriteError(record);
        else if (!session.Hold(record))
            WriteWarning($"One more error: {record}");
        else if (session.HasMore)
            WriteWarning($"{record} The error action is Stop: nothing more is bought, and the pipeline ends with this error when what is "
                + $"paid for is saved.");
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        _session?.StopByUser();
        Shutdown.StoppedByUser(Host, _session?.Runspace);
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _session?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The log of the connection, else that of the environment, whose path follows PowerShell's location.</summary>
    private EventLog? OpenLog(NanoBananaConnection connection)
    {
        string? named = Environment.GetEnvironmentVariable(EventLog.Variable);
        if (connection.LogPath is null && string.IsNullOrWhiteSpace(named))
            return null;
        try
        {
            return ConnectionResolver.ClientOf(connection).OpenLog(connection.LogPath ?? PathReader.Literal(this, named!.Trim()));
        }
        catch (NanoBananaException e)
        {
            WriteWarning($"$env:{EventLog.Variable} names no file, so nothing is logged. {e.Message}");
            return null;
        }
    }

    /// <summary>Does something with each task of an input, given as an object or by its id; an error leaves out that task only.</summary>
    private protected void ForEachTask(CommandSession session, IReadOnlyList<ImageTask>? tasks, string[]? ids, Action<ImageTask> action)
    {
        foreach (object given in tasks as IEnumerable<object> ?? ids ?? [])
        {
            try
            {
                ImageTask task = given as ImageTask
                    ?? session.Pump.Await(Task.Run(() => session.Client.KnownById((string)given, session.Pump))).GetAwaiter().GetResult();
                if (IsLeftOut(session, task))
                    continue;
                RequireId(task);
                action(task);
            }
            catch (NanoBananaException e)
            {
                WriteError(e.ToErrorRecord(e.Task ?? given));
            }
        }
    }

    /// <summary>
    /// A list of the journal holds tasks of all services: those of another one are counted and not taken for a mistake. A task that was
    /// given by itself is one.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it was made elsewhere.</exception>
    private bool IsLeftOut(CommandSession session, ImageTask task)
    {
        try
        {
            session.Client.CheckOrigin(task);
            return false;
        }
        catch (NanoBananaException) when (task.IsFromList)
        {
            string where = $"at {task.Endpoint} under the protocol {task.Protocol}";
            _leftOut[where] = _leftOut.TryGetValue(where, out int count) ? count + 1 : 1;
            return true;
        }
    }

    /// <summary>A submit without an answer has no id to ask for.</summary>
    private static void RequireId(ImageTask task)
    {
        if (task.Id is null)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, "The object has no task id. Give a task, as New-NanoBananaImage and Get-NanoBananaTask emit it, or an id with -Id.");
        if (task.Id.Length > 0)
            return;
        throw new NanoBananaException(
            NanoBananaErrorKind.SubmissionUnknown,
            $"'{TextSafety.Excerpt(task.Prompt, 40)}' was sent and its outcome is unknown, so there is no task to ask for. "
            + "Check your provider account to see whether the image was created, and record it with Resolve-NanoBananaTask -Bought ID or -NotBought.")
        {
            Task = task,
        };
    }
}
