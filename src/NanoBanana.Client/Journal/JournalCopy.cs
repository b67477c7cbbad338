using System.Globalization;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Copies the entries of a journal to another one, of either kind of store. It merges: what is there stays as it is, so that it can be run
/// again after it was interrupted, and copies then what is missing. The source is read as it is at one moment, in portions.
/// </summary>
public static class JournalCopy
{
    private const string Off = $"There is no journal: $env:{JournalLocation.Variable} is off, or the user has no data folder.";

    /// <summary>Checks that one journal can be copied to another.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: there is none to copy.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the two are one, or the destination is a folder.
    /// </exception>
    public static void Check(JournalLocation from, JournalLocation to)
    {
        if (from.Path is null)
            throw Missing($"{from.Absence ?? Off} Name one with -Path.");
        if (JournalLocation.PathComparer.Equals(from.Path, to.Path))
            throw Wrong($"'{to.Path}' is the journal itself. Give another destination.");
        if (!JournalStores.IsAddress(to.Path!) && Directory.Exists(to.Path))
            throw Wrong($"'{to.Path}' is a folder. Give the name of a file in it, such as journal.db.");
    }

    /// <summary>Copies all entries that the destination does not have, with their files, runs and stop orders.</summary>
    /// <param name="from">The journal that is read.</param>
    /// <param name="to">The journal that is written, and made where there is none.</param>
    /// <param name="time">The clock of a store that has none.</param>
    /// <param name="stop">Ends the copy after a portion; it can be run again.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: one of the journals can't be used.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: a process submits a request of the source at this moment.
    /// </exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public static JournalCopyResult Run(JournalLocation from, JournalLocation to, TimeProvider time, CancellationToken stop)
    {
        Check(from, to);
        using JournalQueries source = JournalStores.Of(from.Place!).OpenToRead(JournalStore.Patience, time, stop)
            ?? throw Missing($"There is no journal at '{from.Path}'.");
        var leases = Leases.Of(from.Place!);
        CopyCount count = default;
        source.InSnapshot(() =>
        {
            CheckIntents(source, leases, from.Path!);
            count = CopyRun.Copy(source, leases, to.Place!, time, isBackup: false, stop);
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
    /// Writes a journal into an empty file of SQLite. A backup is made at any time: what a process submits at this moment is unknown in
    /// it, and what was spent is what was spent, also by entries that were removed.
    /// </summary>
    internal static void WriteFile(JournalQueries source, Leases leases, string file) =>
        source.InSnapshot(() => CopyRun.Copy(source, leases, file, TimeProvider.System, isBackup: true, CancellationToken.None));

    /// <summary>In a copy an intent is unknown: while its process works, only the source can tell whether it was bought.</summary>
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
        string prompt = TextSafety.Excerpt(leased.Task.Prompt, 40);
        throw Wrong(
            $"The journal '{name}' can't be copied now: {leased.Holder} submits '{prompt}'. Wait until it has ended, or end its run with "
                + "Stop-NanoBananaBatch, and copy again. Nothing was copied.",
            leased.Task);
    }

    private static NanoBananaException Missing(string message) =>
        new(NanoBananaErrorKind.JournalRequired, $"{message} Nothing was copied.");

    private static NanoBananaException Wrong(string message, ImageTask? task = null) =>
        new(NanoBananaErrorKind.InvalidRequest, message) { Task = task };
}

/// <summary>What was copied.</summary>
internal readonly record struct CopyCount(long Copied, long AlreadyThere, long Unknown, long Files);

/// <summary>One copy of a journal.</summary>
/// <param name="source">Reads the journal, inside a snapshot.</param>
/// <param name="leases">Those of this process in it.</param>
/// <param name="writer">Writes the other one.</param>
/// <param name="isBackup">Whether the other one is an empty file and is to be the same.</param>
/// <param name="stop">Ends the copy after a portion.</param>
internal sealed class CopyRun(JournalQueries source, Leases leases, JournalWriter writer, bool isBackup, CancellationToken stop)
{
    /// <summary>Entries in one change of the destination: other processes wait for one at most.</summary>
    private const int Portion = 500;

    /// <summary>The most characters of one change, roughly.</summary>
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
    /// Copies what the destination does not have. Entries come first: a run without tasks in its batch may be removed at any time.
    /// </summary>
    public static CopyCount Copy(JournalQueries source, Leases leases, string to, TimeProvider time, bool isBackup, CancellationToken stop)
    {
        (JournalConnection connection, JournalQueries queries) = JournalStores.Of(to).Open(JournalStore.Patience, time);
        queries.Dispose();
        using var writer = new JournalWriter(connection);
        var run = new CopyRun(source, leases, writer, isBackup, stop);
        CopyCount count = run.CopyEntries();
        // A run that goes on has no outcome yet: a later copy has it.
        run.CopyRows(
            Runs, run.HasOutcome, (statements, values) => statements.AddRow("run", RunColumns, "id", [.. values.Take(RunColumns.Length)]));
        run.CopyRows(
            AllSpending, values => isBackup || ((string)values[0]!).StartsWith(SpendingStatements.PricePrefix, StringComparison.Ordinal),
            (statements, values) => statements.AddSpending((string)values[0]!, AmountOf(values)));
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
        // A change runs again when the answer to its commit was lost: what the first time has added is there then.
        var numbers = new HashSet<long>();
        Write(statements =>
        {
            (IReadOnlyDictionary<long, long> rows, IReadOnlyCollection<long> isNew) = statements.Append(portion);
            added = [.. rows.Where(pair => isNew.Contains(pair.Key) || numbers.Contains(pair.Value)).Select(pair => pair.Key)];
            numbers.UnionWith(isNew.Select(row => rows[row]));
        });
        return added;
    }

    private bool HasOutcome(object?[] run) => isBackup || run[15] is not null
        || !leases.IsRunning((string)run[0]!, (string)run[3]!, run[16] as string, run[17] as long? ?? 0, (long)run[18]!);

    /// <summary>Stop orders are few: one for a batch.</summary>
    private void CopyStops()
    {
        IReadOnlyList<object?[]> stops = ReadRows($"SELECT {string.Join(", ", StopColumns)} FROM stop", []);
        Write(statements =>
        {
            foreach (object?[] values in stops)
                statements.AddRow("stop", StopColumns, "batch, endpoint", values);
        });
    }

    /// <summary>Copies the rows of a table whose key is its first column.</summary>
    private void CopyRows(string sql, Func<object?[], bool> isWanted, Action<CopyStatements, object?[]> add)
    {
        int count = Portion;
        for (string last = ""; count == Portion;)
        {
            stop.ThrowIfCancellationRequested();
            IReadOnlyList<object?[]> rows = ReadRows(sql, [("@last", last), ("@count", (long)Portion)]);
            object?[][] wanted = [.. rows.Where(isWanted)];
            if (wanted.Length > 0)
                Write(statements => Array.ForEach(wanted, values => add(statements, values)));
            count = rows.Count;
            if (count == 0)
                return;
            string next = (string)rows[count - 1][0]!;
            last = string.CompareOrdinal(next, last) > 0 ? next : throw new InvalidDataException("Rows come out of order.");
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

    private void Write(Action<CopyStatements> change) => writer.WriteAsync(connection =>
    {
        change(new CopyStatements(connection, countsEntries: !isBackup));
        return true;
    }).GetAwaiter().GetResult();

    private static Spending AmountOf(object?[] values) =>
        new((long)values[1]!, (long)values[2]!, Convert.ToDecimal(values[3], CultureInfo.InvariantCulture));
}
