using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>The values that identify an entry in two journals.</summary>
/// <param name="Row">The row in the source.</param>
/// <param name="Endpoint">The endpoint that it was submitted to.</param>
/// <param name="Id">The id of its task; null for a submission without an answer.</param>
/// <param name="HeldKey">The key that blocks a second submission of its request.</param>
/// <param name="Claim">The id of its claim.</param>
/// <param name="RequestKey">The key of its request.</param>
/// <param name="CreatedAt">When it was created, in Unix milliseconds.</param>
/// <param name="Prompt">Its prompt.</param>
internal sealed record EntryIdentity(
    long Row, string Endpoint, string? Id, string? HeldKey, string? Claim, string? RequestKey, long CreatedAt, string? Prompt)
{
    /// <summary>The columns, without the prompt.</summary>
    public static readonly string[] Names = ["row", "endpoint", "id", "held_key", "claim", "request_key", "created_at"];

    /// <summary>The number of columns in <see cref="Columns"/>.</summary>
    public static readonly int Count = Names.Length + 1;

    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public static string Columns(string table) =>
        string.Join(", ", Names.Select(name => $"{table}.{name}")) + $", {table}.snapshot ->> 'Prompt'";

    public static EntryIdentity Read(IJournalRows reader, int first = 0) => new(
        reader.GetInt64(first), reader.GetString(first + 1), reader.GetStringOrNull(first + 2), reader.GetStringOrNull(first + 3),
        reader.GetStringOrNull(first + 4), reader.GetStringOrNull(first + 5), reader.GetInt64(first + 6),
        reader.GetStringOrNull(first + 7));

    /// <summary>The service of an endpoint, for all of its host names.</summary>
    public static string ServiceOf(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) ? KnownEndpoints.CanonicalOf(uri).AbsoluteUri : endpoint;
}

/// <summary>An entry that is copied from one journal to another.</summary>
/// <param name="Identity">The values that identify it.</param>
/// <param name="IsSuperseded">Whether another entry of the source supersedes it.</param>
/// <param name="Variation">The variation of its name.</param>
/// <param name="Values">The values of <see cref="Names"/>.</param>
internal sealed record CopiedEntry(EntryIdentity Identity, bool IsSuperseded, string? Variation, object?[] Values)
{
    /// <summary>The columns except those of the identity, and except the owner, because leases are not copied.</summary>
    public static readonly string[] Names =
    [
        "protocol", "status", "batch", "name", "updated_at", "images", "snapshot", "tokens", "cost", "ended_at", "unsaved", "run", "day",
        "spent_images", "spent_tokens", "spent_cost", "resolved",
    ];

    private static readonly string Columns =
        $"{EntryIdentity.Columns("task")}, superseded_by IS NOT NULL, snapshot ->> 'Variation', {string.Join(", ", Names)}";

    public string? Batch => Values[2] as string;

    public string? Name => Values[3] as string;

    public string? Run => Values[11] as string;

    public string? Day => Values[12] as string;

    /// <summary>The amount that is counted in its run and day.</summary>
    public Spending Spent => new(Number(13), Number(14), Convert.ToDecimal(Values[15], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Whether it is an intent. In another journal, its outcome is unknown.</summary>
    public bool IsIntent => Values[1] as string == nameof(ImageTaskStatus.Submitting);

    /// <summary>The approximate number of characters in memory.</summary>
    public long Length => 1000 + (Values[6] as string ?? "").Length;

    /// <summary>Reads the entries that follow a row, in the order of rows: a number of entries, or fewer if they are large.</summary>
    public static IReadOnlyList<CopiedEntry> ReadAfter(JournalQueries from, long row, int count, long length)
    {
        var entries = new List<CopiedEntry>();
        string sql = $"SELECT {Columns} FROM task WHERE row > @after ORDER BY row LIMIT @count";
        from.Read(sql, [("@after", row), ("@count", (long)count)], reader =>
        {
            var identity = EntryIdentity.Read(reader);
            if (identity.Row <= row)
                throw new InvalidDataException(Messages.RowsNotInOrder);
            row = identity.Row;
            int next = EntryIdentity.Count;
            object?[] values = [.. Names.Select((_, i) => Value(reader, next + 2 + i))];
            var entry = new CopiedEntry(identity, reader.GetBoolean(next), reader.GetStringOrNull(next + 1), values);
            entries.Add(entry);
            return (length -= entry.Length) > 0;
        });
        return entries;
    }

    /// <summary>A value in the form of a parameter.</summary>
    public static object? Value(IJournalRows reader, int column) => reader.IsDBNull(column) ? null : reader.GetValue(column);

    private long Number(int index) => Convert.ToInt64(Values[index], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The record of a file that is copied from one journal to another.</summary>
/// <param name="Row">The row of its entry in the source.</param>
/// <param name="Machine">The machine that has the file on its disk; null for this machine.</param>
/// <param name="Values">The values of <see cref="Names"/>.</param>
internal sealed record CopiedFile(long Row, string? Machine, object?[] Values)
{
    /// <summary>The columns except row and machine.</summary>
    public static readonly string[] Names = ["image", "path", "sha256", "length", "saved"];

    /// <summary>Reads the files of the entries after a row and up to another.</summary>
    public static IReadOnlyList<CopiedFile> ReadBetween(JournalQueries from, long after, long last)
    {
        var files = new List<CopiedFile>();
        string sql = $"SELECT row, NULLIF(machine, @machine), {string.Join(", ", Names)} FROM file WHERE row > @after AND row <= @last";
        from.Read(sql, [("@after", after), ("@last", last)], reader =>
        {
            // An SQLite file that was copied from another machine can contain the name of this machine.
            string? machine = reader.GetStringOrNull(1) is { } name && name != Environment.MachineName ? name : null;
            files.Add(new CopiedFile(reader.GetInt64(0), machine, [.. Names.Select((_, i) => CopiedEntry.Value(reader, i + 2))]));
            return true;
        });
        return files;
    }
}

/// <summary>An entry, and the entry of the same journal that supersedes it.</summary>
internal sealed record CopiedLink(EntryIdentity Older, EntryIdentity Newer)
{
    private static readonly string Select =
        $"""
        SELECT {EntryIdentity.Columns("older")}, {EntryIdentity.Columns("newer")}
        FROM task AS older JOIN task AS newer ON newer.row = older.superseded_by
        """;

    /// <summary>Reads the links from and to the entries after a row and up to another row.</summary>
    public static IReadOnlyList<CopiedLink> ReadBetween(JournalQueries from, long after, long last)
    {
        var links = new List<CopiedLink>();
        foreach (string where in (string[])["older.row > @after AND older.row <= @last AND older.superseded_by IS NOT NULL",
            "older.superseded_by > @after AND older.superseded_by <= @last AND older.row <= @after"])
        {
            from.Read($"{Select} WHERE {where}", [("@after", after), ("@last", last)], reader =>
            {
                links.Add(new CopiedLink(EntryIdentity.Read(reader), EntryIdentity.Read(reader, EntryIdentity.Count)));
                return true;
            });
        }
        return links;
    }
}

/// <summary>Entries that are copied together.</summary>
/// <param name="Entries">The entries in the order of their rows.</param>
/// <param name="Files">Their files.</param>
/// <param name="Links">The links to the entries that supersede them, and to the entries that they supersede.</param>
internal sealed record CopiedPortion(IReadOnlyList<CopiedEntry> Entries, IReadOnlyList<CopiedFile> Files, IReadOnlyList<CopiedLink> Links)
{
    /// <summary>The row of its last entry.</summary>
    public long Last => Entries[Entries.Count - 1].Identity.Row;

    /// <summary>Reads the entries that follow a row, with their files and links; null after the last entry.</summary>
    /// <param name="from">The source.</param>
    /// <param name="row">The last row of the previous portion.</param>
    /// <param name="count">The maximum number of entries.</param>
    /// <param name="length">The approximate maximum number of characters.</param>
    public static CopiedPortion? ReadAfter(JournalQueries from, long row, int count, long length)
    {
        IReadOnlyList<CopiedEntry> entries = CopiedEntry.ReadAfter(from, row, count, length);
        if (entries.Count == 0)
            return null;
        long last = entries[entries.Count - 1].Identity.Row;
        return new CopiedPortion(entries, CopiedFile.ReadBetween(from, row, last), CopiedLink.ReadBetween(from, row, last));
    }
}
