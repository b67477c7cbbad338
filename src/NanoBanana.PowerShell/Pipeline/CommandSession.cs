using System.Diagnostics;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using NanoBanana.Client.Http;
using NanoBanana.Client.Purchases;

namespace NanoBanana.Pipeline;

/// <summary>
/// The work of one running command: its client, its pump and its tasks. It can end early without abandoning a submission: it accepts no
/// more input, waits for submissions in flight, and reports which tasks are paid for.
/// </summary>
internal sealed partial class CommandSession : IDisposable
{
    /// <summary>How long Ctrl+C waits for answers. Answers that arrive later are reported when they arrive.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(800);

    /// <summary>How long the end of a command waits until the counts of its run are durable.</summary>
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long work continues in an interactive session after another command has ended the pipeline.</summary>
    private static readonly TimeSpan InteractiveLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopSource;
    private readonly NanoBananaClient? _client;
    private readonly string _command;
    private readonly SessionState _state;
    private readonly List<IDisposable> _leases = [];
    private readonly HashSet<ImageRun> _runs = [];
    private readonly RunspaceData _runspaceData = RunspaceData.Current;
    private readonly (int Position, int Length) _pipelinePosition;
    private readonly object _stopLock = new();
    private bool _isDisposed;
    private bool _isStopped;
    private int _isStopLogged;

    public CommandSession(NanoBananaCmdlet cmdlet, PSHost host, NanoBananaClient? client, ProgressStage stage, CancellationTokenSource stop)
    {
        _client = client;
        _command = cmdlet.MyInvocation.MyCommand.Name;
        _state = cmdlet.SessionState;
        _stopSource = stop;
        Notice = new StopNotice(host, () => _client?.JournalPath);
        Pump = new Pump(cmdlet, new ProgressTracker(stage), Notice);
        Runspace = Runspace.DefaultRunspace;
        _pipelinePosition = (cmdlet.MyInvocation.PipelinePosition, cmdlet.MyInvocation.PipelineLength);
        lock (_runspaceData.Sessions)
        {
            StopReason = _runspaceData.StopReason;
            _runspaceData.Sessions.Add(this);
        }
        Shutdown.Register(this);
    }

    public NanoBananaClient Client => _client ?? throw new InvalidOperationException("This command was started without a connection.");

    public Pump Pump { get; }

    public StopNotice Notice { get; }

    /// <summary>Creates a factory for the items of saved files. For the pipeline thread.</summary>
    public FileItemFactory CreateItemFactory() => new(_state);

    /// <summary>Canceled when the command must end early.</summary>
    public CancellationToken StopToken => _stopSource.Token;

    /// <summary>The runspace of the command.</summary>
    public Runspace? Runspace { get; }

    /// <summary>The run of the command; null for a command that submits nothing.</summary>
    public ImageRun? Run { get; init; }

    /// <summary>
    /// Whether the command saves the tasks that it has received when another command ends the pipeline. An error and Select-Object -First
    /// look the same to earlier commands, so this applies to both.
    /// </summary>
    public bool FinishesWork { private get; init; }

    /// <summary>Whether the command has ended normally.</summary>
    public bool IsComplete { private get; set; }

    /// <summary>Submits the requests of the command; null for a command that submits nothing.</summary>
    public SubmissionRun? Submissions { get; set; }

    /// <summary>Keeps a lease on a task to the end of the pipeline, so that no other process takes it between two commands.</summary>
    public void KeepLease(ImageTask task)
    {
        if (LeaseTask(task) is not { } lease)
            return;
        lock (_leases)
        {
            if (!_isDisposed)
            {
                _leases.Add(lease);
                return;
            }
        }
        lease.Dispose();
    }

    /// <summary>Leases a task until the lease is disposed. Its run is stored again at the end of the command.</summary>
    /// <returns>Null if the run that submitted the task has a lease, or if it needs no lease, because it is saved or has failed.</returns>
    public IDisposable? LeaseTask(ImageTask task)
    {
        AddRun(task);
        return task.RunItem is { Lease: not null } or { IsUnsaved: false } ? null : Client.LeaseTask(task, Pump);
    }

    /// <summary>Stores the run of a task again at the end of the command.</summary>
    public void AddRun(ImageTask task)
    {
        if (task.RunItem?.Run is not { } run)
            return;
        lock (_leases)
            _runs.Add(run);
    }

    /// <summary>Waits until all work has ended and its journal entries are durable.</summary>
    public void Finish() => Pump.DrainToEnd(() => Client.FlushAsync());

    /// <summary>The cause of an error for its run. A time-out because of a service that is down does not count as a rate limit.</summary>
    public static NanoBananaErrorKind CauseOf(NanoBananaException e) =>
        e is { Kind: NanoBananaErrorKind.RateLimited, StatusCode: >= 500 } ? NanoBananaErrorKind.ServiceUnavailable : e.Kind;

    /// <summary>Counts and logs the error of a request or its task.</summary>
    public void RecordError(ImageParameters request, NanoBananaException e)
    {
        request.RunItem?.MarkFailed(CauseOf(e));
        Pump.OnEvent(new ClientEvent(ClientEventKind.Failed) { About = request, Error = e.Kind, Message = e.Message });
    }

    /// <summary>Ends input, waits, and submissions that are not sent yet. Does not block.</summary>
    public void Interrupt()
    {
        Pump.Pause();
        _stopSource.Cancel();
        if (!IsComplete && Interlocked.Exchange(ref _isStopLogged, 1) == 0)
            Pump.OnEvent(new ClientEvent(ClientEventKind.Stopped) { Message = $"{_command} ended before its work was done." });
    }

    /// <summary>Waits for the work that <see cref="Interrupt"/> did not end, and then reports which tasks are paid for.</summary>
    public void Drain(TimeSpan limit)
    {
        Pump.WaitForWork(limit);
        if (!IsComplete)
            Notice.Report();
    }

    /// <summary>Handles Ctrl+C, or the equivalent action of a host.</summary>
    public void StopByUser()
    {
        Run?.Stop(RunExitCode.Interrupted);
        Stop();
    }

    /// <summary>
    /// Ends the command after a short wait for answers. Other submissions continue in the background. If the pipeline thread arrives here
    /// while another thread stops the command, it waits until the notice is written.
    /// </summary>
    public void Stop()
    {
        lock (_stopLock)
        {
            if (_isStopped)
                return;
            _isStopped = true;
            Interrupt();
            Drain(StopLimit);
            Pump.Stop();
        }
    }

    public void Dispose()
    {
        lock (_runspaceData.Sessions)
            _runspaceData.Sessions.Remove(this);
        // A later command that throws, or Select-Object -First, ends the pipeline without StopProcessing.
        if (!IsComplete && FinishesWork && !StopToken.IsCancellationRequested && Pump.HasWork)
        {
            Notice.Warn(Messages.SavesBeforePipelineEnds);
            // Ctrl+C can't stop a pipeline that ends, so the wait in an interactive session is short.
            var clock = Stopwatch.StartNew();
            while (Pump.HasWork && !StopToken.IsCancellationRequested && (Console.IsInputRedirected || clock.Elapsed < InteractiveLimit))
                Pump.WaitForWork(StopLimit);
        }
        if (!IsComplete)
            Stop();
        lock (_leases)
        {
            _isDisposed = true;
            _leases.ForEach(lease => lease.Dispose());
            _leases.Clear();
        }
        Run?.End(isEarly: !IsComplete);
        // The process can end before the last answers. Later answers are counted when they arrive.
        if (Pump.HasWork)
            StoreRuns();
        Pump.WhenIdle(() =>
        {
            StoreRuns();
            Shutdown.Unregister(this);
        });
    }

    /// <summary>Stores the counts of the command's run, and of earlier runs whose tasks it saved.</summary>
    public void StoreRuns()
    {
        ImageRun[] runs;
        lock (_leases)
            runs = [.. _runs.Where(run => run.EndedAt is not null)];
        try
        {
            Task.Run(() => Task.WhenAll((Run is null ? runs : [Run, .. runs]).Select(run => run.StoreAsync()))).Wait(StoreLimit);
        }
        catch (AggregateException e) when (e.GetBaseException() is NanoBananaException)
        {
            // The first entry of the run has reported that the journal can't be written. The run appears as interrupted.
        }
    }
}
