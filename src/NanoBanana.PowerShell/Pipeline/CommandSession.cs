using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

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

    private readonly CancellationTokenSource _stop;
    private readonly NanoBananaClient? _client;
    private readonly List<IDisposable> _leases = [];
    private readonly HashSet<ImageRun> _runs = [];
    private bool _isDisposed;
    private int _isStopped;

    public CommandSession(NanoBananaCmdlet cmdlet, PSHost host, NanoBananaClient? client, ProgressStage stage, CancellationTokenSource stop)
    {
        _client = client;
        _stop = stop;
        Notice = new StopNotice(host, () => _client?.JournalPath);
        Pump = new Pump(cmdlet, new ProgressBoard(stage), Notice);
        Runspace = Runspace.DefaultRunspace;
        Shutdown.Enter(this);
    }

    public NanoBananaClient Client => _client ?? throw new InvalidOperationException("This command was started without a connection.");

    public Pump Pump { get; }

    public StopNotice Notice { get; }

    /// <summary>Canceled when the command is to end before its work.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>Where the command runs.</summary>
    public Runspace? Runspace { get; }

    /// <summary>The run that the command began; null for a command that submits nothing.</summary>
    public ImageRun? Run { get; init; }

    /// <summary>Whether the command has ended by itself.</summary>
    public bool IsComplete { private get; set; }

    /// <summary>Why it can no longer do its work; null while it can.</summary>
    public NanoBananaException? Problem { get; set; }

    /// <summary>Ends its purchases; null for a command that buys nothing.</summary>
    public Action<NanoBananaException>? StopBuying { get; set; }

    /// <summary>Keeps a task for this process to the end of the pipeline, so that no other takes it, also between two commands.</summary>
    public void Hold(ImageTask task)
    {
        IDisposable lease = Client.Hold(task, Pump);
        lock (_leases)
        {
            if (task.RunItem?.Run is { } run)
                _runs.Add(run);
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

    /// <summary>Ends what can end at once: input, waits, and submits that have not left. Does not block.</summary>
    public void Interrupt()
    {
        Pump.Hold();
        _stop.Cancel();
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

    /// <summary>Ends the command soon. A submit without an answer goes on in the background.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 1)
            return;
        Interrupt();
        Drain(StopLimit);
        Pump.Release();
    }

    public void Dispose()
    {
        // A command below that throws or has enough ends the pipeline without StopProcessing.
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
        if (!Pump.IsIdle)
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
