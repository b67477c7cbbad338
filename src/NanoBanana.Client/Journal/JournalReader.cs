using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>Reads the journal over its own connection. In WAL mode, readers and the writer do not wait for each other.</summary>
public sealed class JournalReader : IDisposable
{
    /// <summary>The number of entries in a portion. The first portion is small, so that the first entries appear quickly.</summary>
    private const int FirstPortion = 50, Portion = 500;

    /// <summary>The number of entries in a portion that is searched for patterns. Often few of them match.</summary>
    private const int PatternPortion = 2000;

    private readonly JournalQueries _queries;
    private readonly Leases _leases;
    private readonly Uri? _service;

    internal JournalReader(JournalQueries queries, Leases leases, Uri? service = null)
    {
        _queries = queries;
        _leases = leases;
        _service = service;
    }

    /// <summary>Opens a journal to read it. Creates and changes nothing.</summary>
    /// <param name="place">The full path of a file, or the address of a database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lockTimeout">How long to wait for another process's commit.</param>
    /// <param name="service">
    /// The service whose tasks and batches are listed; null for all. Queries that name a service are not affected.
    /// </param>
    /// <param name="stop">Ends its queries. If it can't be canceled, queries end after a number of steps.</param>
    /// <returns>Null if the journal does not exist yet.</returns>
    internal static JournalReader? OpenExisting(
        string place, TimeProvider time, TimeSpan lockTimeout, Uri? service, CancellationToken stop) =>
        JournalStores.Of(place).OpenToRead(lockTimeout, time, stop) is { } queries
            ? new JournalReader(queries, Leases.Of(place), service)
            : null;

    /// <summary>The tasks that match a filter, newest first.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public IReadOnlyList<ImageTask> List(JournalFilter filter) => [.. Portions(filter).SelectMany(portion => portion)];

    /// <summary>
    /// The tasks that match a filter, newest first, in portions. Each portion is read when it is needed, so memory stays constant and the
    /// journal is not in use between two portions.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public IEnumerable<IReadOnlyList<ImageTask>> Portions(JournalFilter filter)
    {
        (string where, List<(string, object?)> values) = Where(filter);
        // The rows are found in an index that has the columns of the filter. Snapshots are read only for these rows.
        string rowsOfPortion = $"SELECT row FROM task WHERE {where} AND row < @last ORDER BY row DESC LIMIT @count";
        bool needsPatterns = NeedsPatterns(filter);
        (long last, long skip, long left) = (long.MaxValue, filter.Skip, filter.First);
        for (int count = FirstPortion; left > 0; count = needsPatterns ? PatternPortion : Portion)
        {
            var tasks = new List<ImageTask>();
            int rows = 0;
            string rowsToRead = rowsOfPortion;
            List<(string, object?)> portion = [.. values, ("@last", last), ("@count", (long)count)];
            if (needsPatterns)
            {
                (IReadOnlyList<long> matches, rows, last) = Matches(where, filter, portion);
                // A list in SQL must not be empty. No row is null.
                rowsToRead = matches.Count == 0 ? "NULL" : string.Join(",", matches);
                portion = [];
            }
            string sql = $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE task.row IN ({rowsToRead}) ORDER BY task.row DESC";
            ReadNewestFirst(sql, portion, reader =>
            {
                if (!needsPatterns)
                {
                    rows++;
                    last = reader.GetInt64(0);
                }
                JournalRow row = RowOf(reader);
                bool isMatch = !((filter.Unsaved || filter.NotLeased) && row.IsLeased)
                    && (filter.Status is not { Count: > 0 } statuses || statuses.Contains(row.Task.Status));
                if (isMatch && skip-- <= 0)
                    tasks.Add(row.Task with { IsFromList = true });
                return tasks.Count < left;
            });
            left -= tasks.Count;
            if (tasks.Count > 0)
                yield return tasks;
            if (rows < count)
                yield break;
        }
    }

    /// <summary>Whether the filter has a pattern that SQL can't match: of a prompt, or of a name that is not exact.</summary>
    private static bool NeedsPatterns(JournalFilter filter) =>
        filter.Prompt is not null || (filter.Name is not null && !IsAscii(filter.ExactName));

    /// <summary>
    /// Searches the next entries for names and prompts. No index contains prompts, and a search of a million entries takes seconds.
    /// Therefore the newest matches are returned before older entries are searched.
    /// </summary>
    /// <returns>The rows that match, the number of searched rows, and the last searched row.</returns>
    private (IReadOnlyList<long> Matches, int Rows, long Last) Matches(
        string where, JournalFilter filter, IEnumerable<(string, object?)> values)
    {
        var matches = new List<long>();
        (int rows, long last) = (0, long.MaxValue);
        string prompt = filter.Prompt is null ? "NULL" : "snapshot ->> 'Prompt'";
        string sql = $"SELECT row, name, {prompt} FROM task WHERE {where} AND row < @last ORDER BY row DESC LIMIT @count";
        ReadNewestFirst(sql, values, reader =>
        {
            rows++;
            last = reader.GetInt64(0);
            if (IsMatch(filter.Name, reader, 1) && IsMatch(filter.Prompt, reader, 2))
                matches.Add(last);
            return true;
        });
        return (matches, rows, last);
    }

    private static bool IsMatch(Func<string, bool>? pattern, IJournalRows reader, int column) =>
        pattern is null || (!reader.IsDBNull(column) && pattern(reader.GetString(column)));

    /// <summary>Whether SQL compares a text without case as .NET does.</summary>
    private static bool IsAscii(string? text) => text is not null && text.All(c => c < 128);

    /// <summary>
    /// The number of tasks that match a filter, regardless of <see cref="JournalFilter.Skip"/> and <see cref="JournalFilter.First"/>.
    /// </summary>
    public long Count(JournalFilter filter)
    {
        // SQL can't check leases or patterns.
        if (filter.Unsaved || filter.NotLeased || filter.Status is { Count: > 0 } || NeedsPatterns(filter))
            return Portions(filter with { Skip = 0, First = long.MaxValue }).Sum(portion => (long)portion.Count);
        (string where, List<(string, object?)> values) = Where(filter);
        long count = 0;
        _queries.Read($"SELECT COUNT(*) FROM task WHERE {where}", values, reader =>
        {
            count = reader.GetInt64(0);
            return false;
        });
        return count;
    }

    /// <summary>The task with an id; null if the journal does not have it.</summary>
    public ImageTask? Find(Uri endpoint, string id) =>
        NewestWhere($"{EndpointNames.AtService} AND id = @id", EndpointNames.Of(endpoint), ("@id", id));

    /// <summary>The entry of a task; null if the journal does not have it.</summary>
    internal JournalRow? Find(ImageTask task)
    {
        JournalRow? found = null;
        string sql = $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE {EndpointNames.AtService} AND id = @id";
        _queries.Read(sql, [EndpointNames.Of(task.Endpoint), ("@id", task.Id)], reader =>
        {
            found = RowOf(reader);
            return false;
        });
        return found;
    }

    /// <summary>The newest task with an id at the endpoints that are listed; null if the journal does not have it.</summary>
    public ImageTask? FindById(string id) => _service is null ? NewestWhere("id = @id", ("@id", id)) : Find(_service, id);

    /// <summary>The newest task that has an image at a path; null if the journal does not have one.</summary>
    public ImageTask? FindByFile(string path) =>
        NewestWhere("task.row IN (SELECT row FROM file WHERE path = @path AND machine = @machine)", ("@path", path));

    /// <summary>The current task of each request of a batch, newest first, without superseded tasks.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The endpoint; null for the batches of that name at all endpoints.</param>
    public IReadOnlyList<ImageTask> Batch(string batch, Uri? endpoint = null) =>
        List(new JournalFilter { Batch = name => name == batch, Endpoint = endpoint, Current = true });

    /// <summary>The completed tasks of an endpoint, newest first, up to a number. Only the newest 5000 entries are searched.</summary>
    internal IReadOnlyList<ImageTask> LastCompleted(Uri endpoint, int count) => TasksWhere(
        $"task.row > (SELECT MAX(row) FROM task) - 5000 AND {EndpointNames.AtService} AND status = 'Completed'", $" LIMIT {count}",
        EndpointNames.Of(endpoint));

    /// <summary>Whether a completed task has an image without a file.</summary>
    public bool IsUnsaved(ImageTask task) => RowWhere(
        $"{EndpointNames.AtService} AND id = @id AND status = 'Completed' AND unsaved = 1",
        EndpointNames.Of(task.Endpoint), ("@id", task.Id)) is not null;

    /// <summary>The row of a task; null if the journal does not have it.</summary>
    internal long? RowOf(ImageTask task) => task.Endpoint is null
        ? RowWhere("id = @id", ("@id", task.Id))
        : RowWhere($"{EndpointNames.AtService} AND id = @id", EndpointNames.Of(task.Endpoint), ("@id", task.Id));

    /// <summary>The task that a batch already has for a request, so that it is not submitted again; else null.</summary>
    public ImageTask? FindByRequest(ImageRequest request, Uri endpoint) =>
        RequestKey.AllOf(request, endpoint, request.Batch is not null && HasKeysOfVersion1())
            .Select(key => NewestWhere("held_key = @key", ("@key", key))).FirstOrDefault(task => task is not null);

    /// <summary>Whether any entry has a key of version 1.</summary>
    internal bool HasKeysOfVersion1()
    {
        bool has = false;
        _queries.Read($"SELECT 1 FROM task WHERE {RequestKey.IsOfVersion1} LIMIT 1", [], _ => !(has = true));
        return has;
    }

    /// <summary>The batches by name and endpoint. The batch with the newest task is first.</summary>
    /// <param name="isMatch">Selects batches by name; null for all.</param>
    public IReadOnlyList<(string Name, Uri? Endpoint)> Batches(Func<string, bool>? isMatch = null)
    {
        var newest = new Dictionary<(string, Uri?), long>();
        foreach (string name in BatchNames().Where(name => isMatch?.Invoke(name) ?? true))
        {
            _queries.Read("SELECT endpoint, MAX(row) FROM task WHERE batch = @batch GROUP BY endpoint", [("@batch", name)], reader =>
            {
                // A service can have several host names. Its tasks are one batch.
                Uri? endpoint = Uri.TryCreate(reader.GetString(0), UriKind.Absolute, out Uri? uri) ? KnownEndpoints.CanonicalOf(uri) : null;
                newest[(name, endpoint)] = Math.Max(reader.GetInt64(1), newest.TryGetValue((name, endpoint), out long row) ? row : 0);
                return true;
            });
        }
        return [.. newest.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)
            .Where(batch => _service is null || KnownEndpoints.IsSame(batch.Item2, _service))];
    }

    /// <summary>When a batch was started, and the number of its tasks, including superseded tasks.</summary>
    public (DateTimeOffset StartedAt, long Tasks) Extent(string batch)
    {
        (DateTimeOffset, long) extent = default;
        string where = $"batch = @batch{At(_service)}";
        string sql = $"SELECT created_at, (SELECT COUNT(*) FROM task WHERE {where}) FROM task WHERE {where} ORDER BY row LIMIT 1";
        _queries.Read(sql, Of(batch, _service), reader =>
        {
            extent = (DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0)), reader.GetInt64(1));
            return false;
        });
        return extent;
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The endpoint; null for the batches of that name at all endpoints together.</param>
    /// <returns>Null if the journal does not have the batch.</returns>
    public ImageBatch? Summary(string batch, Uri? endpoint)
    {
        Uri? at = endpoint ?? _service;
        return BatchSummary.Read(
            (sql, take) => _queries.Read(sql.Replace("$where", $"batch = @batch{At(at)}"), Of(batch, at), take), RowOf, _leases, batch, at);
    }

    /// <summary>The amount that a run or a day (UTC) has spent and reserved; null if it has submitted nothing.</summary>
    internal Spending? SpentIn(string scope)
    {
        Spending? spent = null;
        _queries.Read("SELECT images, tokens, cost FROM spending WHERE scope = @scope", [("@scope", scope)], reader =>
        {
            spent = new Spending(reader.GetInt64(0), reader.GetInt64(1), (decimal)reader.GetDouble(2));
            return false;
        });
        return spent;
    }

    /// <summary>The files of an image of a task, including files that were not yet renamed to their final name.</summary>
    internal IReadOnlyList<SavedFile> Files(ImageTask task, int image) => FilesWhere(
        $"row IN (SELECT row FROM task WHERE {EndpointNames.AtService} AND id = @id) AND image = @image",
        EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@image", image));

    /// <summary>The files at a path of the tasks that a task superseded, directly or indirectly.</summary>
    internal IReadOnlyList<SavedFile> Superseded(ImageTask task, string path) => FilesWhere(
        $"""
        path = @path AND machine = @machine AND row IN (
            WITH RECURSIVE older (row) AS (
                SELECT row FROM task WHERE superseded_by = (SELECT row FROM task WHERE {EndpointNames.AtService} AND id = @id)
                UNION SELECT task.row FROM task JOIN older ON task.superseded_by = older.row)
            SELECT row FROM older)
        """,
        ("@path", path), EndpointNames.Of(task.Endpoint), ("@id", task.Id));

    /// <summary>The tasks with the claims of their intents.</summary>
    internal IReadOnlyList<(string Claim, ImageTask Task)> Claims()
    {
        var claims = new List<(string, ImageTask)>();
        const string Sql = $"SELECT {JournalRow.Columns}, claim FROM {JournalRow.Source} WHERE claim IS NOT NULL ORDER BY task.row DESC";
        ReadNewestFirst(Sql, [], reader =>
        {
            claims.Add((reader.GetString(12), RowOf(reader).Task));
            return true;
        });
        return claims;
    }

    /// <summary>Writes a consistent copy to an empty file.</summary>
    internal void CopyTo(string path)
    {
        if (!_queries.TryCopyTo(path))
            JournalCopy.WriteFile(_queries, _leases, path);
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _queries.Dispose();

    private static string At(Uri? endpoint) => endpoint is null ? "" : $" AND {EndpointNames.AtService}";

    private static (string, object?)[] Of(string batch, Uri? endpoint) =>
        endpoint is null ? [("@batch", batch)] : [("@batch", batch), EndpointNames.Of(endpoint)];

    /// <summary>The names of all batches. Each is one step in the index, regardless of the number of its tasks.</summary>
    private IEnumerable<string> BatchNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;
        bool hasMore = true;
        while (hasMore)
        {
            hasMore = false;
            _queries.Read("SELECT MIN(batch) FROM task WHERE batch IS NOT NULL AND batch > @last", [("@last", last ?? "")], reader =>
            {
                // In a crafted index, a name can repeat.
                hasMore = !reader.IsDBNull(0) && names.Add(last = reader.GetString(0));
                return false;
            });
            if (hasMore)
                yield return last!;
        }
    }

    private (string Sql, List<(string, object?)> Values) Where(JournalFilter filter)
    {
        var where = new List<string> { "1 = 1" };
        var values = new List<(string, object?)>();
        void Narrow(bool isGiven, string condition, params (string, object?)[] parameters)
        {
            if (!isGiven)
                return;
            where.Add(condition);
            values.AddRange(parameters);
        }
        Narrow(filter.After is not null, "created_at >= @after", ("@after", filter.After?.ToUnixTimeMilliseconds()));
        Narrow(filter.Before is not null, "created_at < @before", ("@before", filter.Before?.ToUnixTimeMilliseconds()));
        Uri? service = filter.Endpoint ?? _service;
        Narrow(service is not null, EndpointNames.AtService, EndpointNames.Of(service));
        Narrow(filter.Unsaved, "unsaved = 1");
        Narrow(filter.Current, "superseded_by IS NULL");
        if (filter.Batch is not null)
        {
            string[] names = [.. BatchNames().Where(filter.Batch)];
            if (names.Length == 1)
                Narrow(true, "batch = @batch", ("@batch", names[0]));
            else
                Narrow(true, $"batch IN ({JournalSql.Items}(@batches))", ("@batches", JsonSerializer.Serialize(names)));
        }
        Narrow(IsAscii(filter.ExactName), JournalSql.HasName, ("@name", filter.ExactName));
        Narrow(filter.Name is not null, "name IS NOT NULL");
        Narrow(
            filter.NamePrefix?.Length > 0 && IsAscii(filter.NamePrefix), JournalSql.IsBetween,
            ("@prefix", filter.NamePrefix), ("@end", filter.NamePrefix + "\U0010FFFF"));
        if (filter.Status is { Count: > 0 } status)
        {
            // An intent without a lease is unknown, and so is a status that this version does not support.
            IEnumerable<ImageTaskStatus> others = JournalRow.Statuses.Where(known => !status.Contains(known)
                && !(known == ImageTaskStatus.Submitting && status.Contains(ImageTaskStatus.Unknown)));
            Narrow(!status.Contains(ImageTaskStatus.Completed), "status <> 'Completed'");
            Narrow(true, $"status NOT IN ({string.Join(", ", others.Select(other => $"'{other}'"))})");
        }
        return (string.Join(" AND ", where), values);
    }

    private ImageTask? NewestWhere(string condition, params (string, object?)[] values) =>
        TasksWhere(condition, " LIMIT 1", values) is [var newest, ..] ? newest : null;

    private long? RowWhere(string condition, params (string, object?)[] values)
    {
        long? row = null;
        _queries.Read($"SELECT row FROM task WHERE {condition} ORDER BY row DESC LIMIT 1", values, reader =>
        {
            row = reader.GetInt64(0);
            return false;
        });
        return row;
    }

    private IReadOnlyList<ImageTask> TasksWhere(string condition, string limit, params (string, object?)[] values)
    {
        var tasks = new List<ImageTask>();
        string sql = $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE {condition} ORDER BY task.row DESC{limit}";
        ReadNewestFirst(sql, values, reader =>
        {
            tasks.Add(RowOf(reader).Task);
            return true;
        });
        return tasks;
    }

    private IReadOnlyList<SavedFile> FilesWhere(string condition, params (string, object?)[] values)
    {
        var files = new List<SavedFile>();
        string sql = $"SELECT path, sha256, length, saved, NULLIF(machine, @machine) FROM file WHERE {condition} ORDER BY saved DESC";
        _queries.Read(sql, values, reader =>
        {
            files.Add(new SavedFile(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3) != 0,
                reader.GetStringOrNull(4)));
            return true;
        });
        return files;
    }

    /// <summary>
    /// Reads rows in descending order, and checks the order: in a crafted file, rows could repeat endlessly and fill the memory.
    /// </summary>
    private void ReadNewestFirst(string sql, IEnumerable<(string, object?)> values, Func<IJournalRows, bool> take)
    {
        long last = long.MaxValue;
        _queries.Read(sql, values, reader =>
        {
            long row = reader.GetInt64(0);
            if (row >= last)
                throw new InvalidDataException(Messages.RowsNotInOrder);
            last = row;
            return take(reader);
        });
    }

    private JournalRow RowOf(IJournalRows reader) => JournalRow.Read(reader, _leases);
}
