using NanoBanana.Client.Files;

namespace NanoBanana.Pipeline;

/// <summary>
/// A command that works with the service. Its methods receive a session with the client and the pump. Started work runs beside the
/// pipeline. Results are written between two inputs, and the remaining ones when the input has ended.
/// </summary>
public abstract class SessionCmdlet : NanoBananaCmdlet
{
    private protected const string TaskSet = "Task";
    private protected const string IdSet = "Id";

    private readonly Dictionary<string, int> _leftOut = new(StringComparer.Ordinal);
    private volatile CommandSession? _session;

    /// <summary>The connection to use. The default is the connection of the runspace.</summary>
    [Parameter(HelpMessage = "The connection to use instead of the session's connection.")]
    [ValidateNotNull]
    public NanoBananaConnection? Connection { get; set; }

    /// <summary>The stage of its progress.</summary>
    private protected abstract ProgressStage Stage { get; }

    private protected sealed override bool DefersViews => true;

    private protected sealed override NanoBananaConnection? JournalConnection => Connection ?? base.JournalConnection;

    /// <summary>The run of the command; null for a command that submits nothing.</summary>
    private protected virtual ImageRun? Run => null;

    /// <summary>Whether the command sends requests and therefore requires a key.</summary>
    private protected virtual bool NeedsConnection => true;

    /// <summary>Makes the checks that need no input. An error here ends the pipeline before anything is bought.</summary>
    private protected virtual void BeginProcessing(CommandSession session)
    {
    }

    /// <summary>Starts the work for one input object.</summary>
    private protected abstract void ProcessRecord(CommandSession session);

    /// <summary>Called after the last input, before the command waits for its work.</summary>
    private protected virtual void InputEnded(CommandSession session)
    {
    }

    /// <summary>Writes the final messages after all work has ended.</summary>
    private protected virtual void EndProcessing(CommandSession session)
    {
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        TerminateOnError(() =>
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
            // A stop before the session existed did not reach it.
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

    /// <summary>Whether the error action Stop takes effect only after all images that are paid for are saved.</summary>
    private protected virtual bool HoldsErrors => false;

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        InputEnded(_session!);
        // Loaded while requests are in flight.
        LoadViews();
        _session!.Finish();
        if (_session.Notice.TimeoutWarning() is { } warning)
            WriteWarning(warning);
        foreach (KeyValuePair<string, int> leftOut in _leftOut)
            WriteWarning(Messages.TasksSkipped(leftOut.Value, leftOut.Key, Messages.Origin(Connection!.Endpoint, Connection.Protocol)));
        EndProcessing(_session);
        _session.IsComplete = true;
        if (_session.HeldError is { } held)
            ThrowTerminatingError(held);
    }

    /// <summary>
    /// Writes an error. With the error action Stop, this would end the pipeline immediately, while paid tasks are not saved. Instead, the
    /// last command of the module throws the first error at its end, when all images are saved. Until then, nothing more is submitted.
    /// </summary>
    internal override void WriteError(ErrorRecord record)
    {
        if (!HoldsErrors || !EndsOnError || _session is not { } session)
            base.WriteError(record);
        else if (!session.HoldError(record))
            WriteWarning(Messages.AnotherError($"{record}"));
        else if (session.HasSeveralItems)
            WriteWarning(Messages.ErrorIsHeld($"{record}"));
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        _session?.StopByUser();
        Shutdown.SetExitCodeAfterCtrlC(Host, _session?.Runspace);
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _session?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The log of the connection, or the log of the environment variable, relative to PowerShell's location.</summary>
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
            WriteWarning(Messages.LogNotUsable(EventLog.Variable, e.Message));
            return null;
        }
    }

    /// <summary>
    /// Runs an action for each task of an input, given as an object or by its id. After an error, the other tasks continue.
    /// </summary>
    private protected void ForEachTask(CommandSession session, IReadOnlyList<ImageTask>? tasks, string[]? ids, Action<ImageTask> action)
    {
        foreach (object given in tasks as IEnumerable<object> ?? ids ?? [])
        {
            try
            {
                ImageTask task = given as ImageTask
                    ?? session.Pump.Await(() => Task.FromResult(session.Client.TaskById((string)given, session.Pump)));
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
    /// Whether a task belongs to another service and is left out. A list from the journal contains tasks of all services, so such tasks are
    /// only counted. A single task of another service is an error.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it belongs to another service.</exception>
    private bool IsLeftOut(CommandSession session, ImageTask task)
    {
        try
        {
            session.Client.CheckOrigin(task);
            return false;
        }
        catch (NanoBananaException) when (task.IsFromList)
        {
            string origin = Messages.Origin(task.Endpoint, task.Protocol);
            _leftOut[origin] = _leftOut.TryGetValue(origin, out int count) ? count + 1 : 1;
            return true;
        }
    }

    /// <summary>Refuses a task without an id, such as a submission without an answer.</summary>
    private static void RequireId(ImageTask task)
    {
        if (task.Id is null)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.NoTaskId);
        if (task.Id.Length > 0)
            return;
        throw new NanoBananaException(NanoBananaErrorKind.SubmissionUnknown, Messages.OutcomeUnknown(task.Prompt)) { Task = task };
    }
}
