namespace NanoBanana.Emulator;

/// <summary>The counters. <see cref="EmulatorCounters"/> describes them under the same names.</summary>
internal enum Counter
{
    CreatesReceived,
    CreatesAccepted,
    CreatesRefused,
    Polls,
    Results,
    Uploads,
    Cancels,
    Downloads,
    Unauthorized,
    DownloadsWithAuthorization,
    BytesServed,
    ConnectionsAccepted,
    ConcurrentRequests,
    PeakConcurrentRequests,
}

/// <summary>Counts from many threads, and completes the waits for a count.</summary>
internal sealed class CounterBoard
{
    private readonly object _gate = new();
    private readonly List<Waiter> _waiters = [];
    private readonly long[] _counts = new long[(int)Counter.PeakConcurrentRequests + 1];
    private readonly long[] _faults = new long[Enum.GetValues(typeof(EmulatorFaultKind)).Length];
    private volatile bool _hasWaiters;

    public void Count(Counter counter, long by = 1)
    {
        Interlocked.Add(ref _counts[(int)counter], by);
        CompleteWaits();
    }

    public void CountFault(EmulatorFaultKind kind)
    {
        Interlocked.Increment(ref _faults[(int)kind]);
        CompleteWaits();
    }

    public void RequestStarted()
    {
        long now = Interlocked.Increment(ref _counts[(int)Counter.ConcurrentRequests]);
        ref long peak = ref _counts[(int)Counter.PeakConcurrentRequests];
        long seen = Interlocked.Read(ref peak);
        while (now > seen && Interlocked.CompareExchange(ref peak, now, seen) != seen)
            seen = Interlocked.Read(ref peak);
        CompleteWaits();
    }

    public void RequestEnded() => Count(Counter.ConcurrentRequests, -1);

    public EmulatorCounters Snapshot() => new()
    {
        CreatesReceived = Read(Counter.CreatesReceived),
        CreatesAccepted = Read(Counter.CreatesAccepted),
        CreatesRefused = Read(Counter.CreatesRefused),
        Polls = Read(Counter.Polls),
        Results = Read(Counter.Results),
        Uploads = Read(Counter.Uploads),
        Cancels = Read(Counter.Cancels),
        Downloads = Read(Counter.Downloads),
        Unauthorized = Read(Counter.Unauthorized),
        DownloadsWithAuthorization = Read(Counter.DownloadsWithAuthorization),
        FaultsByKind = Enumerable.Range(0, _faults.Length)
            .Select(kind => (Kind: (EmulatorFaultKind)kind, Count: Interlocked.Read(ref _faults[kind])))
            .Where(static fault => fault.Count > 0)
            .ToDictionary(static fault => fault.Kind, static fault => fault.Count),
        BytesServed = Read(Counter.BytesServed),
        ConnectionsAccepted = Read(Counter.ConnectionsAccepted),
        ConcurrentRequests = Read(Counter.ConcurrentRequests),
        PeakConcurrentRequests = Read(Counter.PeakConcurrentRequests),
    };

    /// <summary>Completes as soon as the condition is true: immediately, or after a change of a counter.</summary>
    public async Task WaitForAsync(Func<EmulatorCounters, bool> condition, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(condition);
        lock (_gate)
        {
            _waiters.Add(waiter);
            _hasWaiters = true;
        }

        // The waiter is in the list already, so no change is missed after this first check.
        CompleteWaits();
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

    private long Read(Counter counter) => Interlocked.Read(ref _counts[(int)counter]);

    private void CompleteWaits()
    {
        if (!_hasWaiters)
            return;

        lock (_gate)
        {
            var now = Snapshot();
            foreach (var waiter in _waiters)
                waiter.CompleteIfMet(now);
        }
    }

    private sealed class Waiter(Func<EmulatorCounters, bool> condition)
    {
        public TaskCompletionSource<bool> Met { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void CompleteIfMet(EmulatorCounters now)
        {
            if (Met.Task.IsCompleted)
                return;
            try
            {
                if (condition(now))
                    Met.TrySetResult(true);
            }
            catch (Exception error)
            {
                // The exception goes to the caller that waits, not to the request that is being counted.
                Met.TrySetException(error);
            }
        }
    }
}
