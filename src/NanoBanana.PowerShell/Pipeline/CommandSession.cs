using System.Diagnostics;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using NanoBanana.Client.Http;
using NanoBanana.Client.Purchases;

namespace NanoBanana.Pipeline;

/// <summary>
/// The work of one running command: its client, its pump, and the tasks that it has in hand. It knows how to end before its time
/// without abandoning a submit: no more input, submits on their way are waited for, and the user reads which tasks are paid for.
/// </summary>
internal sealed class CommandSession : IDisposable
{
    /// <summary>How long Ctrl+C waits for answers that are about to come. Those that come later are told when they do.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(800);

    /// <summary>How long the end of a command waits until the numbers of its run are durable.</summary>
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long work is finished, when another command ends the pipeline, for somebody who can press Ctrl+C.</summary>
    private static readonly TimeSpan AttendedLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop;
    private readonly NanoBananaClient? _client;
    private readonly string _command;
    private readonly SessionState _state;
    private readonly List<IDisposable> _leases = [];
    private readonly HashSet<ImageRun> _runs = [];
    private readonly RunspaceData _runspaceData = RunspaceData.Current;
    private readonly (int Position, int Length) _place;
    private readonly object _stopping = new();
    private bool _isDisposed;
    private bool _isStopped;
    private int _isStopLogged;

    public CommandSession(NanoBananaCmdlet cmdlet, PSHost host, NanoBananaClient? client, ProgressStage stage, CancellationTokenSource stop)
    {
        _client = client;
        _command = cmdlet.MyInvocation.MyCommand.Name;
        _state = cmdlet.SessionState;
        _stop = stop;
        Notice = new StopNotice(host, () => _client?.JournalPath);
        Pump = new Pump(cmdlet, new ProgressBoard(stage), Notice);
        Runspace = Runspace.DefaultRunspace;
        _place = (cmdlet.MyInvocation.PipelinePosition, cmdlet.MyInvocation.PipelineLength);
        lock (_runspaceData.Sessions)
        {
            StopReason = _runspaceData.StopReason;
            _runspaceData.Sessions.Add(this);
        }
        Shutdown.Enter(this);
    }

    public NanoBananaClient Client => _client ?? throw new InvalidOperationException("This command was started without a connection.");

    public Pump Pump { get; }

    public StopNotice Notice { get; }

    /// <summary>Makes items of files. Called on the thread of the pipeline.</summary>
    public FileItems MakeFileItems() => new(_state);

    /// <summary>Canceled when the command is to end before its work.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>Where the command runs.</summary>
    public Runspace? Runspace { get; }

    /// <summary>The run that the command began; null for a command that submits nothing.</summary>
    public ImageRun? Run { get; init; }

    /// <summary>
    /// Whether it saves what has come to it when another command ends the pipeline. PowerShell tells upstream commands the same of an error
    /// as of Select-Object -First, so it holds for both.
    /// </summary>
    public bool FinishesWork { private get; init; }

    /// <summary>Whether the command has ended by itself.</summary>
    public bool IsComplete { private get; set; }

    /// <summary>What it submits; null for a command that buys nothing.</summary>
    public SubmissionRun? Submits { get; set; }

    /// <summary>The error that ends the pipeline when this command has ended; null when there is none.</summary>
    public ErrorRecord? HeldError { get; private set; }

    /// <summary>Why its pipeline submits nothing more, also with commands that begin later inside it; null while it does.</summary>
    public NanoBananaException? StopReason { get; private set; }

    /// <summary>Whether the commands of this pipeline have more to do than one thing.</summary>
    public bool HasMore => Pipeline().Any(session => session.Pump.Progress.Total > 1);

    /// <summary>Whether a command above it in this pipeline buys, so that the user has the tasks in no variable.</summary>
    public bool FollowsPurchase => Pipeline().TakeWhile(session => session != this).Any(session => session.Run is not null);

    /// <summary>
    /// It can no longer do its work, such as saving to a full disk: no command of its runspace buys what nobody can use, and submits that
    /// wait for their turn do not leave.
    /// </summary>
    public void StopBuying(NanoBananaException reason)
    {
        foreach (CommandSession session in StopBuying(() => _runspaceData.Sessions, reason))
            session.Submits?.End(reason);
    }

    /// <summary>Holds an error until the last command of this pipeline has ended, and stops buying in it. For the pipeline thread.</summary>
    /// <returns>False when another error is held already.</returns>
    public bool Hold(ErrorRecord record)
    {
        CommandSession[] all = StopBuying(Pipeline, record.Exception as NanoBananaException
            ?? new NanoBananaException(NanoBananaErrorKind.InvalidResponse, record.Exception.Message, record.Exception));
        if (all[all.Length - 1].HeldError is not null)
            return false;
        all[all.Length - 1].HeldError = record;
        return true;
    }

    /// <summary>Commands that begin while these run take the reason over from them.</summary>
    private CommandSession[] StopBuying(Func<IEnumerable<CommandSession>> which, NanoBananaException reason)
    {
        lock (_runspaceData.Sessions)
        {
            CommandSession[] sessions = [.. which()];
            Array.ForEach(sessions, session => session.StopReason ??= reason);
            return sessions;
        }
    }

    /// <summary>
    /// The sessions of this pipeline, in its order. Those that began after this one are below it, as long as it runs; those before it are
    /// above it as long as their places go down. An earlier pipeline around this one begins anew.
    /// </summary>
    private IEnumerable<CommandSession> Pipeline()
    {
        List<CommandSession> all = _runspaceData.Sessions;
        int first = all.IndexOf(this);
        while (first > 0 && all[first - 1]._place is var above && above.Length == all[first]._place.Length
            && above.Position < all[first]._place.Position)
            first--;
        return all.Skip(first);
    }

    /// <summary>Keeps a task for this process to the end of the pipeline, so that no other takes it, also between two commands.</summary>
    public void Hold(ImageTask task)
    {
        lock (_leases)
        {
            if (task.RunItem?.Run is { } run)
                _runs.Add(run);
        }
        // The run that submitted it keeps it as long.
        if (task.RunItem?.Lease is not null)
            return;
        IDisposable lease = Client.Hold(task, Pump);
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

    /// <summary>Waits for all work and has its journal entries durable, so that a script that ends here has all of it on disk.</summary>
    public void Finish() => Pump.DrainToEnd(() => Client.FlushAsync());

    /// <summary>The cause of an error for its run: a submit that waits too long for a service that is down is not one of a limit.</summary>
    public static NanoBananaErrorKind CauseOf(NanoBananaException e) =>
        e is { Kind: NanoBananaErrorKind.RateLimited, StatusCode: >= 500 } ? NanoBananaErrorKind.ServiceUnavailable : e.Kind;

    /// <summary>Counts and logs that something went wrong with a request or its task.</summary>
    public void Fail(ImageParameters about, NanoBananaException e)
    {
        about.RunItem?.Fail(CauseOf(e));
        Pump.OnEvent(new ClientEvent(ClientEventKind.Failed) { About = about, Error = e.Kind, Message = e.Message });
    }

    /// <summary>Ends what can end at once: input, waits, and submits that have not left. Does not block.</summary>
    public void Interrupt()
    {
        Pump.Hold();
        _stop.Cancel();
        if (!IsComplete && Interlocked.Exchange(ref _isStopLogged, 1) == 0)
            Pump.OnEvent(new ClientEvent(ClientEventKind.Stopped) { Message = $"{_command} ended before its work." });
    }

    /// <summary>Waits for the work that <see cref="Interrupt"/> did not end, then tells the user which tasks are paid for.</summary>
    public void Drain(TimeSpan limit)
    {
        Pump.WaitForWork(limit);
        if (!IsComplete)
            Notice.Say();
    }

    /// <summary>Ctrl+C, or what a host does in its place.</summary>
    public void StopByUser()
    {
        Run?.Stop(RunExitCode.Interrupted);
        Stop();
    }

    /// <summary>
    /// Ends the command soon. A submit without an answer continues in the background. The thread of the pipeline waits here until the one that
    /// stops it has written the notice.
    /// </summary>
    public void Stop()
    {
        lock (_stopping)
        {
            if (_isStopped)
                return;
            _isStopped = true;
            Interrupt();
            Drain(StopLimit);
            Pump.Release();
        }
    }

    public void Dispose()
    {
        lock (_runspaceData.Sessions)
            _runspaceData.Sessions.Remove(this);
        // A command below that throws or has enough ends the pipeline without StopProcessing.
        if (!IsComplete && FinishesWork && !StopToken.IsCancellationRequested && Pump.HasWork)
        {
            Notice.Tell("Another command ends the pipeline. What is paid for and has come to this command is saved first.");
            // A pipeline that ends can't be stopped, so somebody who is there does not wait for long.
            var clock = Stopwatch.StartNew();
            while (Pump.HasWork && !StopToken.IsCancellationRequested && (Console.IsInputRedirected || clock.Elapsed < AttendedLimit))
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
        // The process may end before answers that are still awaited; those are counted when they come.
        if (Pump.HasWork)
            StoreRuns();
        Pump.WhenIdle(() =>
        {
            StoreRuns();
            Shutdown.Leave(this);
        });
    }

    /// <summary>Makes the numbers of its run durable, and those of runs that had ended before and whose tasks it saved.</summary>
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
            // A journal that can't be written was told with its first entry. The run shows as one that was interrupted.
        }
    }
}
