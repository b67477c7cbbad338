using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator;

/// <summary>Counts from many threads, and wakes those who wait for a count.</summary>
internal sealed class CounterBoard : IHttpMeter
{
    private readonly object _gate = new();
    private readonly List<Waiter> _waiters = [];
    private volatile bool _hasWaiters;
    private long _createsReceived;
    private long _createsAccepted;
    private long _createsRefused;
    private long _polls;
    private long _results;
    private long _uploads;
    private long _cancels;
    private long _downloads;
    private long _unauthorized;
    private long _downloadsWithAuthorization;
    private readonly long[] _faults = new long[Enum.GetValues(typeof(EmulatorFaultKind)).Length];
    private long _bytesServed;
    private long _connections;
    private long _concurrent;
    private long _peak;

    public void CreateReceived() => Count(ref _createsReceived);

    public void CreateAccepted() => Count(ref _createsAccepted);

    public void CreateRefused() => Count(ref _createsRefused);

    public void Polled() => Count(ref _polls);

    public void UploadAccepted() => Count(ref _uploads);

    public void ResultAsked() => Count(ref _results);

    public void CancelAsked() => Count(ref _cancels);

    public void Downloaded() => Count(ref _downloads);

    public void Unauthorized() => Count(ref _unauthorized);

    public void DownloadedWithAuthorization() => Count(ref _downloadsWithAuthorization);

    public void Faulted(EmulatorFaultKind kind) => Count(ref _faults[(int)kind]);

    public void ConnectionOpened() => Count(ref _connections);

    public void Sent(int bytes) => Count(ref _bytesServed, bytes);

    public void RequestEnded() => Count(ref _concurrent, -1);

    public void RequestStarted()
    {
        long now = Interlocked.Increment(ref _concurrent);
        long peak = Interlocked.Read(ref _peak);
        while (now > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peak, now, peak);
            if (seen == peak)
                break;
            peak = seen;
        }

        Wake();
    }

    public EmulatorCounters Snapshot() => new()
    {
        CreatesReceived = Interlocked.Read(ref _createsReceived),
        CreatesAccepted = Interlocked.Read(ref _createsAccepted),
        CreatesRefused = Interlocked.Read(ref _createsRefused),
        Polls = Interlocked.Read(ref _polls),
        Results = Interlocked.Read(ref _results),
        Uploads = Interlocked.Read(ref _uploads),
        Cancels = Interlocked.Read(ref _cancels),
        Downloads = Interlocked.Read(ref _downloads),
        Unauthorized = Interlocked.Read(ref _unauthorized),
        DownloadsWithAuthorization = Interlocked.Read(ref _downloadsWithAuthorization),
        FaultsByKind = FaultsByKind(),
        BytesServed = Interlocked.Read(ref _bytesServed),
        ConnectionsAccepted = Interlocked.Read(ref _connections),
        ConcurrentRequests = Interlocked.Read(ref _concurrent),
        PeakConcurrentRequests = Interlocked.Read(ref _peak),
    };

    /// <summary>Completes as soon as a change makes the condition hold, at once if it holds already.</summary>
    public async Task WaitForAsync(Func<EmulatorCounters, bool> condition, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(condition);
        lock (_gate)
        {
            _waiters.Add(waiter);
            _hasWaiters = true;
        }

        // Waiting already, so a change between this look and the next count is not missed.
        Wake();
        using var registration = cancellationToken.Register(() => waiter.Met.TrySetCanceled(cancellationToken));
        try
        {
            await waiter.Met.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
                _hasWaiters = _waiters.Count > 0;
            }
        }
    }

    private Dictionary<EmulatorFaultKind, long> FaultsByKind()
    {
        var counts = new Dictionary<EmulatorFaultKind, long>();
        for (int kind = 0; kind < _faults.Length; kind++)
        {
            if (Interlocked.Read(ref _faults[kind]) is > 0 and var count)
                counts.Add((EmulatorFaultKind)kind, count);
        }

        return counts;
    }

    private void Count(ref long counter, long by = 1)
    {
        Interlocked.Add(ref counter, by);
        if (_hasWaiters)
            Wake();
    }

    private void Wake()
    {
        if (!_hasWaiters)
            return;

        lock (_gate)
        {
            var now = Snapshot();
            foreach (var waiter in _waiters)
                waiter.Look(now);
        }
    }

    private sealed class Waiter(Func<EmulatorCounters, bool> condition)
    {
        public TaskCompletionSource<bool> Met { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Look(EmulatorCounters now)
        {
            if (Met.Task.IsCompleted)
                return;
            try
            {
                if (condition(now))
                    Met.TrySetResult(true);
            }
            catch (Exception fault)
            {
                // A condition that throws is its owner's fault, not that of the request that was being counted.
                Met.TrySetException(fault);
            }
        }
    }
}
