using Microsoft.Data.Sqlite;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>Reads the journal over a connection of its own: in WAL mode readers and the writer do not wait for each other.</summary>
public sealed class JournalReader : IDisposable
{
    /// <summary>True for a task of which not every picture has a file.</summary>
    internal const string HasUnsavedImage = "task.images > (SELECT COUNT(DISTINCT image) FROM file WHERE file.row = task.row AND saved = 1)";

    /// <summary>SQLite's code of a damaged file.</summary>
    private const int Damaged = 11;

    private readonly JournalQueries _queries;
    private readonly TimeProvider _time;
    private readonly Leases _leases;

    internal JournalReader(string path, TimeProvider time, TimeSpan patience, Leases leases)
        : this(QueriesOf(path, patience, new QueryLimit()), time, leases)
    {
    }

    private JournalReader(JournalQueries queries, TimeProvider time, Leases leases)
    {
        _queries = queries;
        _time = time;
        _leases = leases;
    }

    /// <summary>A reader that makes and changes nothing; null where there is no journal yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">How long to wait for another process's commit.</param>
    /// <param name="stop">Ends its queries; without one they end after a number of steps.</param>
    internal static JournalReader? OfExisting(string path, TimeProvider time, TimeSpan patience, CancellationToken stop)
    {
        var limit = new QueryLimit(stop);
        return File.Exists(path) && JournalDatabase.ConnectToRead(path, patience, limit) is { } connection
            ? new JournalReader(new JournalQueries(connection, path, limit), time, Leases.Of(path))
            : null;
    }

    /// <summary>The tasks that a filter wants, newest first.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public IReadOnlyList<ImageTask> List(JournalFilter filter)
    {
        var where = new List<string> { "1" };
        var values = new List<(string, object?)>();
        void Narrow(string condition, string name, object? value)
        {
            if (value is null)
                return;
            where.Add(condition);
            values.Add((name, value));
        }
        Narrow("created_at >= $after", "$after", filter.After?.ToUnixTimeMilliseconds());
        Narrow("created_at < $before", "$before", filter.Before?.ToUnixTimeMilliseconds());
        if (filter.Unsaved)
            where.Add($"(status IN ('Pending', 'Running') OR (status = 'Completed' AND {HasUnsavedImage}))");

        string sql = $"SELECT {JournalRow.Columns}, batch, name FROM {JournalRow.Source} WHERE {string.Join(" AND ", where)} ORDER BY task.row DESC";
        var tasks = new List<ImageTask>();
        long skipped = 0;
        ReadNewestFirst(sql, values, reader =>
        {
            // Before its snapshot is taken apart: of a large journal most is not wanted.
            if (!IsWanted(filter.Batch, reader, "batch") || !IsWanted(filter.Name, reader, "name"))
                return true;
            JournalRow row = RowOf(reader);
            if (filter.Unsaved && row.IsLeased)
                return true;
            if (filter.Status is { Count: > 0 } wanted && !wanted.Contains(row.Task.Status))
                return true;
            if (skipped++ >= filter.Skip && tasks.Count < filter.First)
                tasks.Add(row.Task);
            return tasks.Count < filter.First;
        });
        return tasks;
    }

    /// <summary>The task of that id; null when the journal does not have it.</summary>
    public ImageTask? Find(Uri endpoint, string id) =>
        NewestWhere($"{EndpointNames.AtService} AND id = $id", EndpointNames.Of(endpoint), ("$id", id));

    /// <summary>The newest task of that id at any endpoint; null when the journal has none.</summary>
    public ImageTask? FindById(string id) => NewestWhere("id = $id", ("$id", id));

    /// <summary>The newest task that a picture was saved to a path for; null when the journal has none.</summary>
    public ImageTask? FindByFile(string path) => NewestWhere("task.row IN (SELECT row FROM file WHERE path = $path)", ("$path", path));

    /// <summary>The current task of each request of a batch, newest first: not those that were retried or superseded.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The endpoint; null for the batches of that name at all endpoints.</param>
    public IReadOnlyList<ImageTask> Batch(string batch, Uri? endpoint = null) => TasksWhere($"batch = $batch AND superseded_by IS NULL{At(endpoint)}", "", Of(batch, endpoint));

    /// <summary>The tasks of a batch that a newer one replaced, newest first: retried, or superseded under their name.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The endpoint; null for all.</param>
    public IReadOnlyList<ImageTask> SupersededOf(string batch, Uri? endpoint = null) => TasksWhere($"batch = $batch AND superseded_by IS NOT NULL{At(endpoint)}", "", Of(batch, endpoint));

    /// <summary>The tasks of an endpoint that completed, the newest first, up to a number; only among the last thousands of all.</summary>
    internal IReadOnlyList<ImageTask> LastCompleted(Uri endpoint, int count) => TasksWhere(
        $"task.row > (SELECT MAX(row) FROM task) - 5000 AND {EndpointNames.AtService} AND status = 'Completed'", $" LIMIT {count}", EndpointNames.Of(endpoint));

    /// <summary>Whether a completed task has an image without a file.</summary>
    public bool IsUnsaved(ImageTask task) => RowWhere(
        $"{EndpointNames.AtService} AND id = $id AND status = 'Completed' AND {HasUnsavedImage}", EndpointNames.Of(task.Endpoint), ("$id", task.Id)) is not null;

    /// <summary>The row of a task; null when the journal does not have it.</summary>
    internal long? RowOf(ImageTask task) => task.Endpoint is null
        ? RowWhere("id = $id", ("$id", task.Id))
        : RowWhere($"{EndpointNames.AtService} AND id = $id", EndpointNames.Of(task.Endpoint), ("$id", task.Id));

    /// <summary>The task that holds a request of a batch, so that it would not be bought again; null when none does.</summary>
    public ImageTask? Holder(ImageRequest request, Uri endpoint) =>
        RequestKey.AllOf(request, endpoint, request.Batch is not null && HasKeysOfVersion1()).Select(key => NewestWhere("held_key = $key", ("$key", key))).FirstOrDefault(task => task is not null);

    /// <summary>Whether any entry has a key of version 1.</summary>
    internal bool HasKeysOfVersion1()
    {
        bool has = false;
        _queries.Read($"SELECT 1 FROM task WHERE {RequestKey.IsOfVersion1} LIMIT 1", [], _ => !(has = true));
        return has;
    }

    /// <summary>The batches, that of the newest task first, each counted as <see cref="Batch"/> does.</summary>
    public IReadOnlyList<JournalBatch> Batches()
    {
        var batches = new Dictionary<(string, Uri?), JournalBatch>();
        _queries.Read(
            """
            SELECT batch, endpoint, COUNT(*), SUM(status = 'Completed'), SUM(status = 'Failed'), MIN(created_at)
            FROM task WHERE batch IS NOT NULL AND superseded_by IS NULL GROUP BY batch, endpoint ORDER BY MAX(row) DESC
            """,
            [],
            reader =>
            {
                // One service can have several host names: its parts are one batch.
                Uri? endpoint = Uri.TryCreate(reader.GetString(1), UriKind.Absolute, out Uri? uri) ? uri : null;
                var key = (reader.GetString(0), endpoint is null ? null : KnownEndpoints.CanonicalOf(endpoint));
                var part = new JournalBatch(key.Item1, endpoint, reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)));
                batches[key] = batches.TryGetValue(key, out JournalBatch? known) ? known.Plus(part) : part;
                return true;
            });
        return [.. batches.Values];
    }

    /// <summary>The files that a picture of a task went to, or was about to.</summary>
    internal IReadOnlyList<SavedFile> Files(ImageTask task, int image) => FilesWhere(
        $"row IN (SELECT row FROM task WHERE {EndpointNames.AtService} AND id = $id) AND image = $image",
        EndpointNames.Of(task.Endpoint), ("$id", task.Id), ("$image", image));

    /// <summary>What the tasks that a task superseded, directly or not, wrote to a path.</summary>
    internal IReadOnlyList<SavedFile> Superseded(ImageTask task, string path) => FilesWhere(
        $"""
        path = $path AND row IN (
            WITH RECURSIVE older (row) AS (
                SELECT row FROM task WHERE superseded_by = (SELECT row FROM task WHERE {EndpointNames.AtService} AND id = $id)
                UNION SELECT task.row FROM task JOIN older ON task.superseded_by = older.row)
            SELECT row FROM older)
        """,
        ("$path", path), EndpointNames.Of(task.Endpoint), ("$id", task.Id));

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _queries.Dispose();

    private static string At(Uri? endpoint) => endpoint is null ? "" : $" AND {EndpointNames.AtService}";

    private static (string, object?)[] Of(string batch, Uri? endpoint) =>
        endpoint is null ? [("$batch", batch)] : [("$batch", batch), EndpointNames.Of(endpoint)];

    private ImageTask? NewestWhere(string condition, params (string, object?)[] values) => TasksWhere(condition, " LIMIT 1", values) is [var newest, ..] ? newest : null;

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
        ReadNewestFirst($"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE {condition} ORDER BY task.row DESC{limit}", values, reader =>
        {
            tasks.Add(RowOf(reader).Task);
            return true;
        });
        return tasks;
    }

    private IReadOnlyList<SavedFile> FilesWhere(string condition, params (string, object?)[] values)
    {
        var files = new List<SavedFile>();
        _queries.Read($"SELECT path, sha256, length FROM file WHERE {condition} ORDER BY saved DESC", values, reader =>
        {
            files.Add(new SavedFile(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
            return true;
        });
        return files;
    }

    /// <summary>Reads rows in descending order. In a crafted file they can repeat without an end, and fill the memory.</summary>
    private void ReadNewestFirst(string sql, IEnumerable<(string, object?)> values, Func<SqliteDataReader, bool> take)
    {
        long last = long.MaxValue;
        _queries.Read(sql, values, reader =>
        {
            long row = reader.GetInt64(0);
            if (row >= last)
                throw new SqliteException("Rows come out of order.", Damaged);
            last = row;
            return take(reader);
        });
    }

    private static JournalQueries QueriesOf(string path, TimeSpan patience, QueryLimit limit) =>
        new(() => JournalDatabase.Connect(path, patience, limit), path, limit);

    private JournalRow RowOf(SqliteDataReader reader) => JournalRow.Read(reader, _time.GetUtcNow().ToUnixTimeMilliseconds(), _leases);

    private static bool IsWanted(Func<string, bool>? isWanted, SqliteDataReader reader, string column) =>
        isWanted is null || (reader[column] is string text && isWanted(text));
}
