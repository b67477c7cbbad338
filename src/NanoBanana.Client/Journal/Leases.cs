using System.Collections.Concurrent;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The leases of this process on the entries of one journal (decision 0023). The owner column of a leased entry contains the name of an
/// instance. The instance has one expiry for all of its entries, which is renewed while it works on any of them. Within the process the
/// leases are counted, because several stages and runspaces can have a lease on the same entry.
/// </summary>
internal sealed class Leases
{
    /// <summary>The time that a lease is valid after a renewal.</summary>
    public static TimeSpan Length { get; internal set; } = TimeSpan.FromSeconds(60);

    /// <summary>The time between two renewals. Five renewals can fail before the lease expires.</summary>
    public static TimeSpan RenewalInterval => TimeSpan.FromTicks(Length.Ticks / 6);

    /// <summary>If the last renewal is at least this old, the next change of the journal also renews the lease.</summary>
    private static TimeSpan RenewalAge => TimeSpan.FromTicks(Length.Ticks / 12);

    /// <summary>The remaining time of the lease that a submission needs, because time passes between the check and the send.</summary>
    private static TimeSpan Margin => TimeSpan.FromTicks(Length.Ticks / 12);

    private static readonly ConcurrentDictionary<string, Leases> ByPath = new(JournalLocation.PathComparer);

    private readonly object _lock = new();
    private readonly Dictionary<(Uri? Endpoint, string Id), int> _tasks = [];
    private readonly HashSet<(Uri? Endpoint, string Id)> _owned = [];
    private readonly HashSet<long> _intents = [];
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);
    private readonly bool _isShared;
    private (DateTimeOffset At, long Timestamp)? _renewed;

    private Leases(bool isShared) => _isShared = isShared;

    /// <summary>The name of this process as an owner of entries.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The leases on a journal, shared by the whole process.</summary>
    public static Leases Of(string place) => ByPath.GetOrAdd(place, _ => new Leases(JournalStores.IsAddress(place)));

    /// <summary>Whether this process works on any entry, or has a run.</summary>
    public bool IsWorking
    {
        get
        {
            lock (_lock)
                return _tasks.Count + _intents.Count + _runs.Count > 0;
        }
    }

    /// <summary>Records a renewal that is durable.</summary>
    /// <param name="at">When the renewal started. The expiry is counted from this time.</param>
    /// <param name="timestamp">The same time by the monotonic clock.</param>
    public void RecordRenewal(DateTimeOffset at, long timestamp)
    {
        lock (_lock)
        {
            // If the lease had expired before, another process may have taken over the entries.
            if (_renewed is not { } before || at - before.At >= Length)
                _owned.Clear();
            _renewed = (at, timestamp);
        }
    }

    /// <summary>
    /// Whether the lease is valid for long enough to send a submission. Both clocks count, because the monotonic clock can stop in a
    /// suspended machine.
    /// </summary>
    public bool IsValid(TimeProvider time) => Age(time) < Length - Margin;

    /// <summary>Whether a renewal is due.</summary>
    public bool IsDue(TimeProvider time) => Age(time) >= RenewalAge;

    /// <summary>Whether a process has a valid lease on an entry.</summary>
    /// <param name="owner">The instance in the entry.</param>
    /// <param name="process">The process of that instance; null if it has no lease.</param>
    /// <param name="expiresAt">When its lease expires, in Unix milliseconds.</param>
    /// <param name="now">The time in Unix milliseconds.</param>
    /// <param name="task">The task of the entry. Without an id, the entry is an intent.</param>
    /// <param name="row">The row of the entry.</param>
    public bool IsLeased(string? owner, string? process, long expiresAt, long now, ImageTask task, long row)
    {
        if (owner == Instance)
        {
            // The memory of this process is newer than the journal, because changes are written later.
            lock (_lock)
                return task.Id.Length == 0 ? _intents.Contains(row) : _tasks.ContainsKey(Key(task));
        }
        return IsLeasedByAnother(owner, process, expiresAt, now);
    }

    /// <summary>Whether another process that had a lease may still run, although its lease has expired.</summary>
    public bool MayBeRunning(string? owner, string? process) =>
        owner is not null && owner != Instance && process is not null && !ProcessIdentity.HasCertainlyEnded(process, _isShared);

    /// <summary>Whether a process with a valid lease works on a run.</summary>
    /// <inheritdoc cref="IsLeased"/>
    public bool IsRunning(string run, string owner, string? process, long expiresAt, long now)
    {
        if (owner != Instance)
            return IsLeasedByAnother(owner, process, expiresAt, now);
        lock (_lock)
            return _runs.Contains(run);
    }

    /// <returns>Whether the run is new.</returns>
    public bool AddRun(string run)
    {
        lock (_lock)
            return _runs.Add(run);
    }

    /// <returns>Whether there was such a run.</returns>
    public bool RemoveRun(string run)
    {
        lock (_lock)
            return _runs.Remove(run);
    }

    /// <summary>Whether this process works on a task.</summary>
    public bool Has((Uri? Endpoint, string Id) task)
    {
        lock (_lock)
            return _tasks.ContainsKey(task);
    }

    /// <summary>Records that the journal has this process as the owner of a task.</summary>
    public void SetOwned((Uri? Endpoint, string Id) task)
    {
        lock (_lock)
        {
            if (_tasks.ContainsKey(task))
                _owned.Add(task);
        }
    }

    /// <summary>Whether the journal has this process as the owner of a task. True only while the lease is valid.</summary>
    public bool IsOwned((Uri? Endpoint, string Id) task, TimeProvider time)
    {
        lock (_lock)
            return _owned.Contains(task) && IsValid(time);
    }

    /// <summary>Leases an intent.</summary>
    public void AddIntent(long row)
    {
        lock (_lock)
            _intents.Add(row);
    }

    /// <summary>Releases an intent.</summary>
    public void RemoveIntent(long row)
    {
        lock (_lock)
            _intents.Remove(row);
    }

    /// <summary>Adds a lease on a task.</summary>
    /// <returns>Whether it is the first lease of this process on the task.</returns>
    public bool Acquire(ImageTask task)
    {
        lock (_lock)
        {
            _tasks.TryGetValue(Key(task), out int count);
            _tasks[Key(task)] = count + 1;
            return count == 0;
        }
    }

    /// <summary>Removes a lease on a task.</summary>
    /// <returns>Whether it was the last lease of this process on the task.</returns>
    public bool Release((Uri? Endpoint, string Id) task)
    {
        lock (_lock)
        {
            int left = _tasks[task] - 1;
            if (left > 0)
                _tasks[task] = left;
            else
            {
                _tasks.Remove(task);
                _owned.Remove(task);
            }
            return left == 0;
        }
    }

    /// <summary>The identity of a task. Leases store it instead of the task, because a lease can last as long as a run.</summary>
    public static (Uri? Endpoint, string Id) Key(ImageTask task) =>
        (task.Endpoint is null ? null : KnownEndpoints.CanonicalOf(task.Endpoint), task.Id);

    private TimeSpan Age(TimeProvider time)
    {
        lock (_lock)
        {
            if (_renewed is not { } renewed)
                return TimeSpan.MaxValue;
            TimeSpan byDate = time.GetUtcNow() - renewed.At;
            TimeSpan byTimestamp = time.GetElapsedTime(renewed.Timestamp);
            return byDate > byTimestamp ? byDate : byTimestamp;
        }
    }

    private bool IsLeasedByAnother(string? owner, string? process, long expiresAt, long now) =>
        owner is not null && process is not null && expiresAt > now && !ProcessIdentity.HasCertainlyEnded(process, _isShared);
}

/// <summary>The exclusive right of this process to work on an entry, until it is disposed.</summary>
internal sealed class Lease(Action release) : IDisposable
{
    /// <summary>The lease on a task that is not in a journal.</summary>
    public static readonly Lease None = new(() => { });

    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
