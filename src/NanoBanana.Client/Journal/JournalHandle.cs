using System.Collections.Concurrent;
using System.Globalization;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// A journal that is opened when it is first needed, and shared by all of the process. One that can't be opened is said
/// once, and work goes on without it.
/// </summary>
public sealed class JournalHandle
{
    /// <summary>The environment variable with the days after which finished tasks outside of batches are forgotten.</summary>
    public const string DaysVariable = "NANOBANANA_JOURNAL_DAYS";

    /// <summary>A client that was made without a journal.</summary>
    public static readonly JournalHandle None = new(null, TimeProvider.System, "There is none.");

    private const int DefaultDays = 90;

    /// <summary>How long a glance may wait for another process.</summary>
    private static readonly TimeSpan GlancePatience = TimeSpan.FromMilliseconds(100);

    private const string OffText = $"There is no journal: $env:{JournalLocation.Variable} is off, or the user has no data folder.";

    /// <summary>How soon a file that could not be opened is tried again: it may have been mended, or let go.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    /// <summary>By the reason why there is no journal.</summary>
    private static readonly ConcurrentDictionary<string, JournalHandle> Absent = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, JournalHandle> Handles = new(JournalLocation.PathComparer);

    /// <summary>The journals whose old entries this process has removed.</summary>
    private static readonly ConcurrentDictionary<string, bool> Trimmed = new(JournalLocation.PathComparer);

    private readonly object _lock = new();
    private readonly string? _place;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private TaskJournal? _journal;
    private NanoBananaException? _failure;
    private long _failedAt;
    private bool _failureSaid;
    private bool _weaknessSaid;

    private JournalHandle(string? place, TimeProvider time, string absence, TimeSpan patience = default)
    {
        _place = place;
        _time = time;
        _patience = patience;
        IsShared = place is not null && JournalStores.IsAddress(place);
        Absence = absence;
    }

    /// <summary>Why there is no journal and how to have one, for the message of what needs it.</summary>
    internal string Absence { get; private set; }

    /// <summary>Tells what kind of network share a file is on; stands in for the system.</summary>
    internal Func<string, string?> NetworkKind { get; set; } = JournalStores.NetworkKind;

    /// <summary>Whether it is there; of a database only a connection can tell.</summary>
    internal bool Exists => _place is not null && JournalStores.Of(_place).Exists;

    /// <summary>Whether other machines use it too: then nothing is bought without it.</summary>
    internal bool IsShared { get; private init; }

    /// <summary>The error of a purchase that needs the journal: no input of its run can be bought.</summary>
    internal NanoBananaException Missing(bool isOfBatch) => new(
        NanoBananaErrorKind.JournalRequired,
        (isOfBatch ? "-Batch needs the journal, which records what was bought." : IsShared ? "The journal is shared with other machines, so nothing is bought without it."
            : "A budget needs the journal, which counts what was bought.") + $" {Absence} Nothing was bought.")
    {
        EndsSubmitting = true,
    };

    /// <summary>Opens the journal for a run, before its first purchase.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    internal TaskJournal RequireFor(bool isOfBatch)
    {
        lock (_lock)
        {
            TaskJournal journal = TryOpen() ?? throw Missing(isOfBatch);
            Check(journal, isOfBatch);
            return journal;
        }
    }

    /// <summary>Checks that what a journal has committed stays, for a purchase that relies on it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it may be lost.</exception>
    internal static void Check(TaskJournal journal, bool isOfBatch)
    {
        if (isOfBatch && journal.Weakness is { } weakness)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.JournalRequired, $"{weakness} -Batch is refused: what was bought could be forgotten and bought again. Nothing was bought.")
            {
                EndsSubmitting = true,
            };
        }
    }

    /// <summary>The journal at a full path, or at the address of a database.</summary>
    public static JournalHandle At(string place, TimeProvider time) => At(place, time, JournalStore.Patience);

    /// <param name="place">The full path of the file, or an address.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">How long to wait for another process's commit.</param>
    internal static JournalHandle At(string place, TimeProvider time, TimeSpan patience) =>
        Handles.GetOrAdd(place, p => new JournalHandle(p, time, "There is none.", patience));

    /// <summary>No journal, and the first command says so: a user must not assume that purchases are recorded.</summary>
    /// <param name="why">The reason; null for a journal that is off.</param>
    /// <param name="isShared">Whether it was meant to be shared with other machines.</param>
    internal static JournalHandle Without(string? why, bool isShared = false) => Absent.GetOrAdd(why ?? OffText, text => new JournalHandle(null, TimeProvider.System, text)
    {
        _failure = new NanoBananaException(NanoBananaErrorKind.JournalRequired, text),
        IsShared = isShared,
    });

    /// <summary>The journal if it is open at this moment. Opens and creates nothing.</summary>
    internal TaskJournal? Current
    {
        get
        {
            lock (_lock)
                return _journal;
        }
    }

    /// <summary>The open journal; null when there is none.</summary>
    /// <param name="observer">Is told once when it can't be opened, or is on a network share.</param>
    internal TaskJournal? Open(IClientObserver observer)
    {
        lock (_lock)
        {
            if (TryOpen() is { } journal)
            {
                if (!_weaknessSaid && WeaknessOf(journal) is { } weakness)
                    observer.OnWarning(weakness);
                _weaknessSaid = true;
                return journal;
            }
            if (_failure is not null && !_failureSaid && !IsShared)
                observer.OnWarning($"{_failure.Message} Work goes on without it: keep the ids of your tasks.");
            _failureSaid = _failure is not null;
            return null;
        }
    }

    /// <summary>The open journal, which stays open until the use is disposed; null when there is none.</summary>
    /// <param name="observer">Is told once when it can't be opened.</param>
    /// <param name="use">To be disposed at the end of the operation.</param>
    internal TaskJournal? Open(IClientObserver observer, out IDisposable use)
    {
        // One that is closed at this moment is opened again.
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

    /// <summary>The open journal.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    public TaskJournal Require()
    {
        lock (_lock)
            return TryOpen() ?? throw _failure ?? new NanoBananaException(NanoBananaErrorKind.JournalRequired, $"This needs the journal. {Absence}");
    }

    /// <summary>
    /// A look at the file as it is, as Tab and -WhatIf take it: nothing is made, changed, or waited for. Null where there is
    /// no file yet.
    /// </summary>
    /// <param name="service">The one service whose tasks are listed; null for all.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    public JournalReader? Glance(Uri? service = null) => Read(GlancePatience, service, CancellationToken.None);

    /// <summary>
    /// The file as it is, for a command that only asks: nothing is made or changed, another process's commit is waited for.
    /// Null where there is no file yet.
    /// </summary>
    /// <param name="stop">Ends its queries when the pipeline stops.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public JournalReader? Read(CancellationToken stop = default) => Read(service: null, stop);

    /// <param name="service">The one service whose tasks are listed; null for all.</param>
    /// <param name="stop">Ends its queries when the pipeline stops.</param>
    /// <inheritdoc cref="Read(CancellationToken)"/>
    public JournalReader? Read(Uri? service, CancellationToken stop) => Read(_patience, service, stop);

    /// <summary>Closes every journal of the process, each when its last use ends. A later command opens them again.</summary>
    public static void CloseAll()
    {
        foreach (string path in Handles.Keys)
        {
            if (Handles.TryRemove(path, out JournalHandle? handle))
                handle.Close();
        }
    }

    private JournalReader? Read(TimeSpan patience, Uri? service, CancellationToken stop) => _place is null
        ? throw new NanoBananaException(NanoBananaErrorKind.JournalRequired, Absence)
        : JournalReader.OfExisting(_place, _time, patience, service, stop);

    private string? WeaknessOf(TaskJournal journal) => journal.IsShared ? journal.Weakness
        : NetworkKind(journal.Name) is { } kind ? JournalStores.NetworkWarning(journal.Name, kind) : null;

    private TaskJournal? TryOpen()
    {
        bool hasJustFailed = _failure is not null && _time.GetElapsedTime(_failedAt) < RetryInterval;
        if (_place is null || hasJustFailed || _journal is not null)
            return _journal;
        try
        {
            _journal = TaskJournal.Open(_place, _time, _patience);
            (_failure, _failureSaid) = (null, false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            _failure = e;
            _failedAt = _time.GetTimestamp();
            Absence = e.Message;
        }
        return _journal;
    }

    /// <summary>
    /// Removes the entries that are old and need nothing more, in the background and once in a process, if the journal is open. To be
    /// called when the clock of this machine is known to be right: one that is wrong by a year would remove all of them.
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
        int.TryParse(Environment.GetEnvironmentVariable(DaysVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days <= 36500
            ? days
            : DefaultDays;
}

/// <summary>
/// Lets work go on when its journal entry can't be written: the work is paid for, the entry is not. A journal that fails
/// is said once until it works again; what only the lost entry knew is said each time.
/// </summary>
internal sealed class JournalGuard
{
    private int _said;

    /// <param name="write">The entry.</param>
    /// <param name="observer">Hears of a failure.</param>
    /// <param name="what">What the entry would have said that is nowhere else; empty when the loss is small.</param>
    public async Task TryAsync(Task write, IClientObserver observer, string what)
    {
        try
        {
            await write.ConfigureAwait(false);
            Volatile.Write(ref _said, 0);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            Say(e, observer, what);
        }
    }

    /// <summary>Says that an entry is lost.</summary>
    public void Say(NanoBananaException failure, IClientObserver observer, string what = "")
    {
        if (Interlocked.Exchange(ref _said, 1) == 0 || what.Length > 0)
            observer.OnWarning($"{what} {failure.Message} Work goes on without it: keep the ids of your tasks.".Trim());
    }
}
