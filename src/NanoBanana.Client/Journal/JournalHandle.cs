using System.Collections.Concurrent;
using System.Globalization;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// A journal that is opened when it is first needed, and shared by the whole process. If it can't be opened, one warning reports it and
/// work continues without it.
/// </summary>
public sealed class JournalHandle
{
    /// <summary>The environment variable with the number of days after which finished tasks outside of batches are removed.</summary>
    public const string DaysVariable = "NANOBANANA_JOURNAL_DAYS";

    /// <summary>The handle of a client without a journal.</summary>
    public static readonly JournalHandle None = new(null, TimeProvider.System, Messages.ClientHasNoJournal);

    private const int DefaultDays = 90;

    /// <summary>How long <see cref="ReadNow"/> waits for another process.</summary>
    private static readonly TimeSpan ShortLockTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>The time until a journal that could not be opened is opened again: it may have been repaired or unlocked.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    /// <summary>Handles without a journal, by the reason.</summary>
    private static readonly ConcurrentDictionary<string, JournalHandle> Missing = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, JournalHandle> Handles = new(JournalLocation.PathComparer);

    /// <summary>The journals whose old entries this process has removed.</summary>
    private static readonly ConcurrentDictionary<string, bool> Trimmed = new(JournalLocation.PathComparer);

    private readonly object _lock = new();
    private readonly string? _place;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lockTimeout;
    private TaskJournal? _journal;
    private NanoBananaException? _failure;
    private long _failedAt;
    private bool _isFailureReported;
    private bool _isWarningWritten;

    private JournalHandle(string? place, TimeProvider time, string missingReason, TimeSpan lockTimeout = default)
    {
        _place = place;
        _time = time;
        _lockTimeout = lockTimeout;
        IsShared = place is not null && JournalStores.IsAddress(place);
        MissingReason = missingReason;
    }

    /// <summary>Why there is no journal, as sentences for an error of a command that needs it.</summary>
    internal string MissingReason { get; private set; }

    /// <summary>Returns the kind of network share that a file is on. Tests replace it.</summary>
    internal Func<string, string?> NetworkKind { get; set; } = JournalStores.NetworkKind;

    /// <summary>Whether the file exists. True for a database, because only a connection can show it.</summary>
    internal bool Exists => _place is not null && JournalStores.Of(_place).Exists;

    /// <summary>Whether other machines use the journal too. Then nothing is submitted without it.</summary>
    internal bool IsShared { get; private init; }

    /// <summary>The error of a request that needs the journal. It ends submitting, because all requests of the run need it.</summary>
    internal NanoBananaException JournalRequired(bool isOfBatch) => new(
        NanoBananaErrorKind.JournalRequired,
        isOfBatch ? Messages.BatchNeedsJournal(MissingReason)
            : IsShared ? Messages.SharedJournalUnavailable(MissingReason) : Messages.LimitNeedsJournal(MissingReason))
    {
        EndsSubmitting = true,
    };

    /// <summary>Opens the journal for a run, before its first submission.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be opened.</exception>
    internal TaskJournal RequireFor(bool isOfBatch)
    {
        lock (_lock)
        {
            TaskJournal journal = TryOpen() ?? throw JournalRequired(isOfBatch);
            Check(journal, isOfBatch);
            return journal;
        }
    }

    /// <summary>Checks that the commits of a journal are durable, for a request of a batch.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the server can lose commits.</exception>
    internal static void Check(TaskJournal journal, bool isOfBatch)
    {
        if (isOfBatch && journal.DurabilityWarning is { } warning)
        {
            throw new NanoBananaException(NanoBananaErrorKind.JournalRequired, Messages.BatchNeedsDurableJournal(warning))
            {
                EndsSubmitting = true,
            };
        }
    }

    /// <summary>The journal at a full path, or at the address of a database.</summary>
    public static JournalHandle At(string place, TimeProvider time) => At(place, time, JournalStore.DefaultLockTimeout);

    /// <param name="place">The full path of the file, or an address.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lockTimeout">How long to wait for another process's commit.</param>
    internal static JournalHandle At(string place, TimeProvider time, TimeSpan lockTimeout) =>
        Handles.GetOrAdd(place, p => new JournalHandle(p, time, Messages.ClientHasNoJournal, lockTimeout));

    /// <summary>
    /// A handle without a journal. The first command writes a warning, so that users do not assume that submissions are recorded.
    /// </summary>
    /// <param name="reason">Why there is no journal, as sentences; null if the journal is off.</param>
    /// <param name="isShared">Whether the journal was to be shared with other machines.</param>
    internal static JournalHandle Without(string? reason, bool isShared = false) =>
        Missing.GetOrAdd(reason ?? Messages.JournalIsOff, text => new JournalHandle(null, TimeProvider.System, text)
        {
            _failure = new NanoBananaException(NanoBananaErrorKind.JournalRequired, text),
            IsShared = isShared,
        });

    /// <summary>The journal if it is open now; else null. Does not open or create it.</summary>
    internal TaskJournal? Current
    {
        get
        {
            lock (_lock)
                return _journal;
        }
    }

    /// <summary>Opens the journal.</summary>
    /// <param name="observer">Receives one warning if the journal can't be opened, is on a network share, or can lose commits.</param>
    /// <returns>Null without a journal.</returns>
    internal TaskJournal? Open(IClientObserver observer)
    {
        lock (_lock)
        {
            if (TryOpen() is { } journal)
            {
                if (!_isWarningWritten && DurabilityWarningOf(journal) is { } warning)
                    observer.OnWarning(warning);
                _isWarningWritten = true;
                return journal;
            }
            if (_failure is not null && !_isFailureReported && !IsShared)
                observer.OnWarning(Messages.ContinuesWithoutJournal("", _failure.Message));
            _isFailureReported = _failure is not null;
            return null;
        }
    }

    /// <summary>Opens the journal, which stays open until the use is disposed.</summary>
    /// <param name="observer">Receives one warning if the journal can't be opened.</param>
    /// <param name="use">To be disposed at the end of the operation.</param>
    /// <returns>Null without a journal.</returns>
    internal TaskJournal? Open(IClientObserver observer, out IDisposable use)
    {
        // If another thread closes the journal at this moment, it is opened again.
        while (Open(observer) is { } journal)
        {
            if (journal.Use() is { } taken)
            {
                use = taken;
                return journal;
            }
        }
        use = Lease.None;
        return null;
    }

    /// <summary>Opens the journal for a command that changes it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be opened.</exception>
    public TaskJournal Require()
    {
        lock (_lock)
        {
            return TryOpen() ?? throw _failure
                ?? new NanoBananaException(NanoBananaErrorKind.JournalRequired, Messages.CommandNeedsJournal(MissingReason));
        }
    }

    /// <summary>
    /// Reads the journal for completion and -WhatIf. It creates and changes nothing, and does not wait for other processes.
    /// </summary>
    /// <param name="service">The service whose tasks are listed; null for all.</param>
    /// <returns>Null if there is no journal yet.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: the journal is off, or it can't be read.
    /// </exception>
    public JournalReader? ReadNow(Uri? service = null) => Read(ShortLockTimeout, service, CancellationToken.None);

    /// <summary>
    /// Reads the journal for a command that only reads. It creates and changes nothing. It waits for a commit of another process.
    /// </summary>
    /// <param name="stop">Ends its queries when the pipeline stops.</param>
    /// <returns>Null if there is no journal yet.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: the journal is off, or it can't be read.
    /// </exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public JournalReader? Read(CancellationToken stop = default) => Read(service: null, stop);

    /// <param name="service">The service whose tasks are listed; null for all.</param>
    /// <param name="stop">Ends its queries when the pipeline stops.</param>
    /// <inheritdoc cref="Read(CancellationToken)"/>
    public JournalReader? Read(Uri? service, CancellationToken stop) => Read(_lockTimeout, service, stop);

    /// <summary>Closes all journals of the process, each one when its last use ends. A later command opens them again.</summary>
    public static void CloseAll()
    {
        foreach (string path in Handles.Keys)
        {
            if (Handles.TryRemove(path, out JournalHandle? handle))
                handle.Close();
        }
    }

    private JournalReader? Read(TimeSpan lockTimeout, Uri? service, CancellationToken stop) => _place is null
        ? throw new NanoBananaException(NanoBananaErrorKind.JournalRequired, MissingReason)
        : JournalReader.OpenExisting(_place, _time, lockTimeout, service, stop);

    private string? DurabilityWarningOf(TaskJournal journal) => journal.IsShared ? journal.DurabilityWarning
        : NetworkKind(journal.Name) is { } kind ? Messages.JournalOnNetworkShare(journal.Name, kind) : null;

    private TaskJournal? TryOpen()
    {
        bool hasJustFailed = _failure is not null && _time.GetElapsedTime(_failedAt) < RetryInterval;
        if (_place is null || hasJustFailed || _journal is not null)
            return _journal;
        try
        {
            _journal = TaskJournal.Open(_place, _time, _lockTimeout);
            (_failure, _isFailureReported) = (null, false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            _failure = e;
            _failedAt = _time.GetTimestamp();
            MissingReason = e.Message;
        }
        return _journal;
    }

    /// <summary>
    /// If the journal is open, removes old entries that are finished, in the background and once in a process. Call it only when a service
    /// has confirmed the clock of this machine: with a clock that is a year ahead, all finished entries would be removed.
    /// </summary>
    internal void TrimOnce()
    {
        if (Current is { } journal && Trimmed.TryAdd(_place!, true))
            Background.Run(() => journal.TrimAsync(_time.GetUtcNow() - TimeSpan.FromDays(Days())), _ => { });
    }

    internal void Close()
    {
        lock (_lock)
        {
            _journal?.CloseWhenUnused();
            _journal = null;
        }
    }

    private static int Days() =>
        int.TryParse(Environment.GetEnvironmentVariable(DaysVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int days)
            && days <= 36500 ? days : DefaultDays;
}
