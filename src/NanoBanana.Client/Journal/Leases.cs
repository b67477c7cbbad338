using System.Collections.Concurrent;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The leases of this process on the entries of one journal (decision 0023). An entry is leased by the name of an instance in
/// its owner column; the instance has one expiry for all of its entries, which is renewed while it works on any. Within the
/// process the entries are counted: several stages and runspaces may hold one at the same time.
/// </summary>
internal sealed class Leases
{
    /// <summary>How long a lease is valid after a renewal.</summary>
    public static TimeSpan Length { get; internal set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a lease is renewed: five renewals may fail before it expires.</summary>
    public static TimeSpan RenewalInterval => TimeSpan.FromTicks(Length.Ticks / 6);

    /// <summary>How old a renewal is when every change renews too.</summary>
    private static TimeSpan RenewalAge => TimeSpan.FromTicks(Length.Ticks / 12);

    /// <summary>A submit leaves only while so much of the lease is left: to check and to send are not one step.</summary>
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

    /// <summary>Those of a journal, for the whole process, however often it is open.</summary>
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
    /// <param name="at">When it was asked for: the expiry is counted from there.</param>
    /// <param name="timestamp">The same moment by the clock that no one can set.</param>
    public void Renewed(DateTimeOffset at, long timestamp)
    {
        lock (_lock)
        {
            // In a gap any other process may have taken over what this one had.
            if (_renewed is not { } before || at - before.At >= Length)
                _owned.Clear();
            _renewed = (at, timestamp);
        }
    }

    /// <summary>Whether the lease is valid for long enough to send a submit. Both clocks are asked: the monotonic one may stand still in a suspended machine.</summary>
    public bool IsValid(TimeProvider time) => Age(time) < Length - Margin;

    /// <summary>Whether a renewal is due.</summary>
    public bool IsDue(TimeProvider time) => Age(time) >= RenewalAge;

    /// <summary>Whether a living process works on an entry.</summary>
    /// <param name="owner">The instance in the entry.</param>
    /// <param name="process">The process of that instance; null where it has no lease.</param>
    /// <param name="expiresAt">When its lease expires, in Unix milliseconds.</param>
    /// <param name="now">The time in Unix milliseconds.</param>
    /// <param name="task">The task of the entry; without an id it is an intent.</param>
    /// <param name="row">The row of the entry.</param>
    public bool IsLeased(string? owner, string? process, long expiresAt, long now, ImageTask task, long row)
    {
        if (owner == Instance)
        {
            // What this process works on it knows better than the file, where a change arrives a moment later.
            lock (_lock)
                return task.Id.Length == 0 ? _intents.Contains(row) : _tasks.ContainsKey(Key(task));
        }
        return IsLeasedByAnother(owner, process, expiresAt, now);
    }

    /// <summary>Whether another process that had an entry may still live, though its lease has expired.</summary>
    public bool MayLive(string? owner, string? process) =>
        owner is not null && owner != Instance && process is not null && !ProcessIdentity.IsCertainlyGone(process, _isShared);

    /// <summary>Whether a living process has a run.</summary>
    /// <inheritdoc cref="IsLeased"/>
    public bool IsRunning(string run, string owner, string? process, long expiresAt, long now)
    {
        if (owner != Instance)
            return IsLeasedByAnother(owner, process, expiresAt, now);
        lock (_lock)
            return _runs.Contains(run);
    }

    /// <returns>Whether the run is new.</returns>
    public bool Add(string run)
    {
        lock (_lock)
            return _runs.Add(run);
    }

    /// <returns>Whether there was such a run.</returns>
    public bool Remove(string run)
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

    /// <summary>The journal names this process as the owner of a task that it works on.</summary>
    public void Own((Uri? Endpoint, string Id) task)
    {
        lock (_lock)
        {
            if (_tasks.ContainsKey(task))
                _owned.Add(task);
        }
    }

    /// <summary>Whether the journal names this process as the owner of a task: certain as long as the lease has been valid since.</summary>
    public bool IsOwned((Uri? Endpoint, string Id) task, TimeProvider time)
    {
        lock (_lock)
            return _owned.Contains(task) && IsValid(time);
    }

    /// <summary>Begins an intent.</summary>
    public void Add(long row)
    {
        lock (_lock)
            _intents.Add(row);
    }

    /// <summary>Ends an intent.</summary>
    public void Remove(long row)
    {
        lock (_lock)
            _intents.Remove(row);
    }

    /// <returns>Whether it is the first hold of the task.</returns>
    public bool Take(ImageTask task)
    {
        lock (_lock)
        {
            _tasks.TryGetValue(Key(task), out int count);
            _tasks[Key(task)] = count + 1;
            return count == 0;
        }
    }

    /// <returns>Whether it was the last hold of the task.</returns>
    public bool Drop((Uri? Endpoint, string Id) task)
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

    /// <summary>By what a task is known here. A lease can live as long as a run: it holds this and not the task.</summary>
    public static (Uri? Endpoint, string Id) Key(ImageTask task) => (task.Endpoint is null ? null : KnownEndpoints.CanonicalOf(task.Endpoint), task.Id);

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
        owner is not null && process is not null && expiresAt > now && !ProcessIdentity.IsCertainlyGone(process, _isShared);
}

/// <summary>This process's exclusive right to work on an entry, until it is disposed.</summary>
internal sealed class Lease(Action release) : IDisposable
{
    /// <summary>Of a task that is not journaled.</summary>
    public static readonly Lease None = new(() => { });

    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
