using System.Globalization;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Copies the entries of a journal to another journal, of either kind of store. Existing entries of the destination do not change, so an
/// interrupted copy can be run again and copies the missing entries. The source is read from one snapshot, in portions.
/// </summary>
public static class JournalCopy
{
    /// <summary>Checks that one journal can be copied to another.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: there is no journal to copy.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: both are the same journal, or the destination is a folder.
    /// </exception>
    public static void Check(JournalLocation from, JournalLocation to)
    {
        if (from.Path is null)
            throw Missing(Messages.NoJournalToCopy(from.MissingReason ?? Messages.JournalIsOff));
        if (JournalLocation.PathComparer.Equals(from.Path, to.Path))
            throw NotValid(Messages.DestinationIsJournal(to.Path!));
        if (!JournalStores.IsAddress(to.Path!) && Directory.Exists(to.Path))
            throw NotValid(Messages.FileIsFolder(to.Path!, "journal.db"));
    }

    /// <summary>Copies all entries that the destination does not have, with their files, runs and stop orders.</summary>
    /// <param name="from">The journal that is read.</param>
    /// <param name="to">The journal that is written. It is created if it does not exist.</param>
    /// <param name="time">The clock for a store without its own clock.</param>
    /// <param name="stop">Ends the copy after a portion. The copy can be run again.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: one of the journals can't be used.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: a process is submitting a request of the source.
    /// </exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public static JournalCopyResult Run(JournalLocation from, JournalLocation to, TimeProvider time, CancellationToken stop)
    {
        Check(from, to);
        using JournalQueries source = JournalStores.Of(from.Place!).OpenToRead(JournalStore.DefaultLockTimeout, time, stop)
            ?? throw Missing(Messages.NoJournalAt(from.Path!));
        var leases = Leases.Of(from.Place!);
        CopyCount count = default;
        source.InSnapshot(() =>
        {
            CheckIntents(source, leases, from.Path!);
            count = CopyOperation.Copy(source, leases, to.Place!, time, isBackup: false, stop);
        });
        return new JournalCopyResult
        {
            From = from.Path!,
            To = to.Path!,
            Copied = count.Copied,
            AlreadyThere = count.AlreadyThere,
            Unknown = count.Unknown,
            Files = count.Files,
        };
    }

    /// <summary>
    /// Writes a journal into an empty file of SQLite. A backup can be made at any time. Submissions that are in flight are unknown in the
    /// backup. Spending is copied as it is, including the spending of removed entries.
    /// </summary>
    internal static void WriteFile(JournalQueries source, Leases leases, string file) =>
        source.InSnapshot(() => CopyOperation.Copy(source, leases, file, TimeProvider.System, isBackup: true, CancellationToken.None));

    /// <summary>Refuses the copy while a process is submitting a request, because the copy would have its outcome as unknown.</summary>
    private static void CheckIntents(JournalQueries source, Leases leases, string name)
    {
        JournalRow? leased = null;
        // The second condition is that of the index of entries that have not completed.
        const string IsIntent = "status = 'Submitting' AND status <> 'Completed'";
        source.Read($"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE {IsIntent}", [], reader =>
        {
            leased = JournalRow.Read(reader, leases) is { IsLeased: true } row ? row : null;
            return leased is null;
        });
        if (leased is null)
            return;
        throw NotValid(Messages.JournalInUse(name, leased.LeaseDescription, leased.Task.Prompt), leased.Task);
    }

    private static NanoBananaException Missing(string message) => new(NanoBananaErrorKind.JournalRequired, message);

    private static NanoBananaException NotValid(string message, ImageTask? task = null) =>
        new(NanoBananaErrorKind.InvalidRequest, message) { Task = task };
}

/// <summary>The counts of a copy.</summary>
internal readonly record struct CopyCount(long Copied, long AlreadyThere, long Unknown, long Files);

/// <summary>One copy of a journal.</summary>
/// <param name="source">Reads the journal, inside a snapshot.</param>
/// <param name="leases">The leases of this process on the journal.</param>
/// <param name="writer">Writes the destination.</param>
/// <param name="isBackup">Whether the destination is an empty file that becomes an exact copy.</param>
/// <param name="stop">Ends the copy after a portion.</param>
internal sealed class CopyOperation(JournalQueries source, Leases leases, JournalWriter writer, bool isBackup, CancellationToken stop)
{
    /// <summary>The number of entries in one change of the destination. Other processes wait for at most one change.</summary>
    private const int Portion = 500;

    /// <summary>The approximate maximum number of characters in one change.</summary>
    private const long PortionLength = 8 * 1024 * 1024;

    private static readonly string[] RunColumns =
    [
        "id", "batch", "endpoint", "owner", "started_at", "ended_at", "asked", "bought", "held", "refused", "unknown", "skipped", "saved",
        "failed", "reason", "exit_code",
    ];

    private static readonly string[] StopColumns = ["batch", "endpoint", "asked_at", "asked_by"];

    private static readonly string Runs =
        $"""
        SELECT {string.Join(", ", RunColumns)}, lease.process, lease.expires_at, @now
        FROM run LEFT JOIN lease ON lease.instance = run.owner WHERE id > @last ORDER BY id LIMIT @count
        """;

    private const string AllSpending = "SELECT scope, images, tokens, cost FROM spending WHERE scope > @last ORDER BY scope LIMIT @count";

    /// <summary>
    /// Copies the entries that the destination does not have, and then runs, spending and stop orders. A run whose batch has no tasks could
    /// be removed at any time, so the entries come first.
    /// </summary>
    public static CopyCount Copy(JournalQueries source, Leases leases, string to, TimeProvider time, bool isBackup, CancellationToken stop)
    {
        (JournalConnection connection, JournalQueries queries) = JournalStores.Of(to).Open(JournalStore.DefaultLockTimeout, time);
        queries.Dispose();
        using var writer = new JournalWriter(connection);
        var run = new CopyOperation(source, leases, writer, isBackup, stop);
        CopyCount count = run.CopyEntries();
        // A run that has not ended has no outcome yet. A later copy includes it.
        run.CopyRows(
            Runs, run.HasOutcome, (changes, values) => changes.AddRow("run", RunColumns, "id", [.. values.Take(RunColumns.Length)]));
        run.CopyRows(
            AllSpending,
            values => isBackup || ((string)values[0]!).StartsWith(SpendingLedger.PricePrefix, StringComparison.Ordinal),
            (changes, values) => changes.AddSpending((string)values[0]!, AmountOf(values)));
        run.CopyStops();
        writer.FlushAsync(checkpoint: true).GetAwaiter().GetResult();
        return count;
    }

    private CopyCount CopyEntries()
    {
        CopyCount count = default;
        for (long last = 0; CopiedPortion.ReadAfter(source, last, Portion, PortionLength) is { } portion; last = portion.Last)
        {
            stop.ThrowIfCancellationRequested();
            HashSet<long> added = Append(portion);
            count = new CopyCount(
                count.Copied + added.Count,
                count.AlreadyThere + portion.Entries.Count - added.Count,
                count.Unknown + portion.Entries.Count(entry => entry.IsIntent && added.Contains(entry.Identity.Row)),
                count.Files + portion.Files.Count(file => added.Contains(file.Row)));
        }
        return count;
    }

    /// <returns>The rows of the entries that were added.</returns>
    private HashSet<long> Append(CopiedPortion portion)
    {
        var added = new HashSet<long>();
        // A change runs again if the answer to its commit was lost. The entries that the first run added then exist, and still count.
        var addedRows = new HashSet<long>();
        Write(changes =>
        {
            (IReadOnlyDictionary<long, long> rows, IReadOnlyCollection<long> isNew) = changes.Append(portion);
            added = [.. rows.Where(pair => isNew.Contains(pair.Key) || addedRows.Contains(pair.Value)).Select(pair => pair.Key)];
            addedRows.UnionWith(isNew.Select(row => rows[row]));
        });
        return added;
    }

    private bool HasOutcome(object?[] run) => isBackup || run[15] is not null
        || !leases.IsRunning((string)run[0]!, (string)run[3]!, run[16] as string, run[17] as long? ?? 0, (long)run[18]!);

    /// <summary>Copies the stop orders in one change, because each batch has at most one for each endpoint.</summary>
    private void CopyStops()
    {
        IReadOnlyList<object?[]> stops = ReadRows($"SELECT {string.Join(", ", StopColumns)} FROM stop", []);
        Write(changes =>
        {
            foreach (object?[] values in stops)
                changes.AddRow("stop", StopColumns, "batch, endpoint", values);
        });
    }

    /// <summary>Copies the rows of a table whose key is its first column.</summary>
    private void CopyRows(string sql, Func<object?[], bool> isWanted, Action<CopyWriter, object?[]> add)
    {
        int count = Portion;
        for (string last = ""; count == Portion;)
        {
            stop.ThrowIfCancellationRequested();
            IReadOnlyList<object?[]> rows = ReadRows(sql, [("@last", last), ("@count", (long)Portion)]);
            object?[][] wanted = [.. rows.Where(isWanted)];
            if (wanted.Length > 0)
                Write(changes => Array.ForEach(wanted, values => add(changes, values)));
            count = rows.Count;
            if (count == 0)
                return;
            string next = (string)rows[count - 1][0]!;
            last = string.CompareOrdinal(next, last) > 0 ? next : throw new InvalidDataException(Messages.RowsNotInOrder);
        }
    }

    private IReadOnlyList<object?[]> ReadRows(string sql, (string, object?)[] values)
    {
        var rows = new List<object?[]>();
        source.Read(sql, values, reader =>
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => CopiedEntry.Value(reader, column))]);
            return true;
        });
        return rows;
    }

    private void Write(Action<CopyWriter> change) => writer.WriteAsync(connection =>
    {
        change(new CopyWriter(connection, countsEntries: !isBackup));
        return true;
    }).GetAwaiter().GetResult();

    private static Spending AmountOf(object?[] values) =>
        new((long)values[1]!, (long)values[2]!, Convert.ToDecimal(values[3], CultureInfo.InvariantCulture));
}
