using System.Text.Json;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>Adds entries of one journal to another, inside the transaction of its writer.</summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="countsEntries">Whether the amount of each entry is added to the spending of its run and day.</param>
internal sealed class CopyWriter(JournalConnection connection, bool countsEntries)
{
    private static readonly string InsertEntry = Insert("task", [.. EntryIdentity.Names, .. CopiedEntry.Names]);

    /// <summary>The parameter is null for this machine.</summary>
    private static readonly string InsertFile =
        $"""
        INSERT INTO file (row, {string.Join(", ", CopiedFile.Names)}, machine)
        VALUES (@row, {Parameters(CopiedFile.Names)}, COALESCE(@of, @machine))
        """;

    private const string SetLink = "UPDATE task SET superseded_by = @newer WHERE row = @older AND superseded_by IS NULL";

    private const string Current =
        """
        SELECT row, endpoint, batch, name, snapshot ->> 'Variation', request_key, held_key IS NOT NULL, created_at
        FROM task WHERE superseded_by IS NULL AND batch IS NOT NULL
        """;

    private SpendingLedger Budget => new(connection, 0);

    /// <summary>Adds the entries of a portion that the destination does not have, with their files, spending and links.</summary>
    /// <param name="portion">The portion.</param>
    /// <returns>
    /// The rows of the entries in the destination, by their rows in the source; and the source rows of the added entries.
    /// </returns>
    public (IReadOnlyDictionary<long, long> Rows, IReadOnlyCollection<long> New) Append(CopiedPortion portion)
    {
        Dictionary<long, long> rows = Find(portion.Entries.Select(entry => entry.Identity));
        CopiedEntry[] added = [.. portion.Entries.Where(entry => !rows.ContainsKey(entry.Identity.Row))];
        if (added.Length == 0)
            return (rows, []);
        IReadOnlyList<long> numbers = connection.ReserveRows(added.Length);
        for (int i = 0; i < added.Length; i++)
        {
            rows[added[i].Identity.Row] = numbers[i];
            Add(added[i], numbers[i]);
        }
        var isNew = new HashSet<long>(added.Select(entry => entry.Identity.Row));
        foreach (CopiedFile file in portion.Files.Where(file => isNew.Contains(file.Row)))
            connection.Send(InsertFile, [("@row", rows[file.Row]), .. Values(CopiedFile.Names, file.Values), ("@of", file.Machine)]);
        if (countsEntries)
        {
            foreach (IGrouping<string, Spending> scope in added
                .SelectMany(entry => new[] { (Scope: entry.Run, entry.Spent), (Scope: entry.Day, entry.Spent) })
                .Where(part => part.Scope is not null).GroupBy(part => part.Scope!, part => part.Spent))
                Budget.Add(scope.Key, null, scope.Aggregate(default(Spending), (sum, part) => sum + part));
        }
        Link(portion.Links.Where(link => isNew.Contains(link.Older.Row) || isNew.Contains(link.Newer.Row)).ToArray(), rows);
        Supersede([.. added.Where(entry => entry is { IsSuperseded: false, Batch: not null })], rows, new HashSet<long>(numbers));
        return (rows, isNew);
    }

    /// <summary>Adds a row of a table, unless a row with its key exists.</summary>
    public void AddRow(string table, IReadOnlyList<string> names, string key, object?[] values) =>
        connection.Send($"{Insert(table, names)} ON CONFLICT ({key}) DO NOTHING", [.. Values(names, values)]);

    /// <summary>Adds the spending of a scope. For a scope with a price, the highest price stays.</summary>
    public void AddSpending(string scope, Spending amount)
    {
        if (scope.StartsWith(SpendingLedger.PricePrefix, StringComparison.Ordinal))
            Budget.RaisePrice(scope, amount.Cost);
        else
            Budget.Add(scope, null, amount);
    }

    private void Add(CopiedEntry entry, long row)
    {
        EntryIdentity identity = entry.Identity;
        object?[] values = [.. entry.Values];
        if (entry.IsIntent)
            values[1] = nameof(ImageTaskStatus.Unknown);
        object?[] same = [row, identity.Endpoint, identity.Id, identity.HeldKey, identity.Claim, identity.RequestKey, identity.CreatedAt];
        connection.Send(InsertEntry, [.. Values(EntryIdentity.Names, same), .. Values(CopiedEntry.Names, values)]);
    }

    /// <summary>
    /// Writes the links of the source, when both entries exist in the destination. An entry that is already superseded in the destination
    /// does not change.
    /// </summary>
    private void Link(IReadOnlyList<CopiedLink> links, Dictionary<long, long> rows)
    {
        IEnumerable<EntryIdentity> ends = links.SelectMany(link => new[] { link.Older, link.Newer });
        Dictionary<long, long> existing = Find(ends.Where(end => !rows.ContainsKey(end.Row)));
        foreach (CopiedLink link in links)
        {
            if ((rows.TryGetValue(link.Older.Row, out long older) || existing.TryGetValue(link.Older.Row, out older))
                && (rows.TryGetValue(link.Newer.Row, out long newer) || existing.TryGetValue(link.Newer.Row, out newer)))
                SetSuperseded(older, newer);
        }
    }

    /// <summary>
    /// Leaves one current entry for each request of a batch. If both journals have a current entry, it is the newer one, or the one whose
    /// key blocks a second submission.
    /// </summary>
    private void Supersede(IReadOnlyCollection<CopiedEntry> current, Dictionary<long, long> rows, HashSet<long> added)
    {
        IEnumerable<string?> keys = current.Where(entry => entry.Name is null).Select(entry => entry.Identity.RequestKey);
        ExistingEntry[] existing = [.. ExistingWhere($"request_key {JournalSql.IsItem}", keys)
            .Concat(ExistingWhere(JournalSql.HasOneOfNames, current.Select(entry => entry.Name)))
            .Where(known => !added.Contains(known.Row))];
        foreach (CopiedEntry entry in current)
        {
            long addedRow = rows[entry.Identity.Row];
            foreach (ExistingEntry known in existing.Where(known => known.IsOfRequest(entry)))
            {
                bool isOlder = known.Key == entry.Identity.RequestKey && known.HasHeldKey != (entry.Identity.HeldKey is not null)
                    ? known.HasHeldKey
                    : known.CreatedAt > entry.Identity.CreatedAt;
                SetSuperseded(isOlder ? addedRow : known.Row, isOlder ? known.Row : addedRow);
            }
        }
    }

    private IEnumerable<ExistingEntry> ExistingWhere(string condition, IEnumerable<string?> items)
    {
        if (ListOf(items) is not { } list)
            return [];
        var existing = new List<ExistingEntry>();
        using IJournalRows reader = connection.Read($"{Current} AND {condition}", ("@items", list));
        while (reader.Read())
        {
            existing.Add(new ExistingEntry(
                reader.GetInt64(0), EntryIdentity.ServiceOf(reader.GetString(1)), reader.GetString(2), reader.GetStringOrNull(3),
                reader.GetStringOrNull(4), reader.GetStringOrNull(5), reader.GetBoolean(6), reader.GetInt64(7)));
        }
        return existing;
    }

    private void SetSuperseded(long older, long newer)
    {
        if (older != newer)
            connection.Send(SetLink, ("@newer", newer), ("@older", older));
    }

    /// <summary>The rows of the entries that the destination has, by their rows in the source.</summary>
    private Dictionary<long, long> Find(IEnumerable<EntryIdentity> entries)
    {
        EntryIdentity[] wanted = [.. entries];
        var rows = new Dictionary<long, long>();
        Match("id", entry => entry.Id);
        Match("held_key", entry => entry.HeldKey);
        Match("claim", entry => entry.Claim);
        // Entries of older versions: submissions without an answer and without a key.
        foreach (EntryIdentity entry in wanted.Where(entry => entry is { Id: null, HeldKey: null, Claim: null }))
        {
            if (FindByContent(entry) is { } row)
                rows[entry.Row] = row;
        }
        return rows;

        void Match(string column, Func<EntryIdentity, string?> valueOf)
        {
            EntryIdentity[] left = [.. wanted.Where(entry => valueOf(entry) is not null && !rows.ContainsKey(entry.Row))];
            if (ListOf(left.Select(valueOf)) is not { } list)
                return;
            var found = new Dictionary<string, long>(StringComparer.Ordinal);
            string sql = $"SELECT row, {column}, endpoint FROM task WHERE {column} {JournalSql.IsItem}";
            using (IJournalRows reader = connection.Read(sql, ("@items", list)))
            {
                while (reader.Read())
                    found[KeyOf(reader.GetString(1), reader.GetString(2))] = reader.GetInt64(0);
            }
            foreach (EntryIdentity entry in left)
            {
                if (found.TryGetValue(KeyOf(valueOf(entry)!, entry.Endpoint), out long row))
                    rows[entry.Row] = row;
            }

            // Two services can use the same id.
            string KeyOf(string value, string endpoint) => column == "id" ? $"{value} {EntryIdentity.ServiceOf(endpoint)}" : value;
        }
    }

    private long? FindByContent(EntryIdentity entry)
    {
        // The first condition is that of the index of entries that have not completed.
        using IJournalRows reader = connection.Read(
            """
            SELECT row FROM task WHERE status <> 'Completed' AND id IS NULL AND endpoint = @endpoint AND created_at = @created
                AND request_key IS NOT DISTINCT FROM @key AND (snapshot ->> 'Prompt') IS NOT DISTINCT FROM @prompt LIMIT 1
            """,
            ("@endpoint", entry.Endpoint), ("@created", entry.CreatedAt), ("@key", entry.RequestKey), ("@prompt", entry.Prompt));
        return reader.Read() ? reader.GetInt64(0) : null;
    }

    /// <summary>
    /// A list as one parameter; null for an empty list. Zero characters are replaced, because databases do not accept them.
    /// </summary>
    private static string? ListOf(IEnumerable<string?> items)
    {
        string[] list = [.. items.OfType<string>().Distinct(StringComparer.Ordinal).Select(item => item.Replace('\0', '\uFFFD'))];
        return list.Length == 0 ? null : JsonSerializer.Serialize(list);
    }

    private static string Insert(string table, IReadOnlyList<string> names) =>
        $"INSERT INTO {table} ({string.Join(", ", names)}) VALUES ({Parameters(names)})";

    private static string Parameters(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"@{name}"));

    private static IEnumerable<(string, object?)> Values(IReadOnlyList<string> names, object?[] values) =>
        values.Select((value, i) => ($"@{names[i]}", value));

    /// <summary>A current entry of a batch that the destination had before.</summary>
    private sealed record ExistingEntry(
        long Row, string Service, string Batch, string? Name, string? Variation, string? Key, bool HasHeldKey, long CreatedAt)
    {
        /// <summary>Whether it is of the same request, by name or else by key.</summary>
        public bool IsOfRequest(CopiedEntry entry) => entry.Name is null
            ? Name is null && Key is not null && Key == entry.Identity.RequestKey
            : (Name, Batch, Variation) == (entry.Name, entry.Batch, entry.Variation)
                && Service == EntryIdentity.ServiceOf(entry.Identity.Endpoint);
    }
}
