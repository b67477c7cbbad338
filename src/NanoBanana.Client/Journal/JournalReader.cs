using Microsoft.Data.Sqlite;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>Reads the journal over a connection of its own: in WAL mode readers and the writer do not wait for each other.</summary>
public sealed class JournalReader : IDisposable
{
    /// <summary>True for a task of which not every picture has a file.</summary>
    internal const string HasUnsavedImage = "task.images > (SELECT COUNT(DISTINCT image) FROM file WHERE file.row = task.row AND saved = 1)";

    internal const string Columns = "row, status, owner, updated_at, created_at, snapshot, request_key, protocol";

    /// <summary>SQLite's code of a damaged file.</summary>
    private const int Damaged = 11;

    private readonly JournalQueries _queries;
    private readonly TimeProvider _time;
    private readonly TasksInHand _inHand;

    internal JournalReader(string path, TimeProvider time, TimeSpan patience, TasksInHand inHand)
        : this(QueriesOf(path, patience, new QueryLimit()), time, inHand)
    {
    }

    private JournalReader(JournalQueries queries, TimeProvider time, TasksInHand inHand)
    {
        _queries = queries;
        _time = time;
        _inHand = inHand;
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
            ? new JournalReader(new JournalQueries(connection, path, limit), time, TasksInHand.Of(path))
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

        string sql = $"SELECT {Columns}, batch, name FROM task WHERE {string.Join(" AND ", where)} ORDER BY row DESC";
        var tasks = new List<ImageTask>();
        long skipped = 0;
        ReadNewestFirst(sql, values, reader =>
        {
            // Before its snapshot is taken apart: of a large journal most is not wanted.
            if (!IsWanted(filter.Batch, reader, "batch") || !IsWanted(filter.Name, reader, "name"))
                return true;
            JournalRow row = RowOf(reader);
            // Whether an owner lives is not the database's to know.
            if (filter.Unsaved && row.OwnerLives)
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
    public ImageTask? FindByFile(string path) => NewestWhere("row IN (SELECT row FROM file WHERE path = $path)", ("$path", path));

    /// <summary>The newest task of each request of a batch: what was tried again, or superseded under its name, counts once.</summary>
    public IReadOnlyList<ImageTask> Batch(string batch)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var tasks = new List<ImageTask>();
        Query($"SELECT {Columns} FROM task WHERE batch = $batch ORDER BY row DESC", [("$batch", batch)], row =>
        {
            if (seen.Add(row.Task.Name ?? row.RequestKey ?? row.Task.Id))
                tasks.Add(row.Task);
            return true;
        });
        return tasks;
    }

    /// <summary>The tasks of an endpoint that completed, the newest first, up to a number; only among the last thousands of all.</summary>
    internal IReadOnlyList<ImageTask> LastCompleted(Uri endpoint, int count)
    {
        var tasks = new List<ImageTask>();
        Query(
            $"SELECT {Columns} FROM task WHERE row > (SELECT MAX(row) FROM task) - 5000 AND {EndpointNames.AtService} AND status = 'Completed' ORDER BY row DESC LIMIT {count}",
            [EndpointNames.Of(endpoint)],
            row =>
            {
                tasks.Add(row.Task);
                return true;
            });
        return tasks;
    }

    /// <summary>Whether a completed task has a picture without a file.</summary>
    public bool IsUnsaved(ImageTask task)
    {
        bool unsaved = false;
        _queries.Read(
            $"SELECT 1 FROM task WHERE {EndpointNames.AtService} AND id = $id AND status = 'Completed' AND {HasUnsavedImage}",
            [EndpointNames.Of(task.Endpoint), ("$id", task.Id)],
            _ =>
            {
                unsaved = true;
                return false;
            });
        return unsaved;
    }

    /// <summary>The task that holds a request of a batch, so that it would not be bought again; null when none does.</summary>
    public ImageTask? Holder(ImageRequest request, Uri endpoint) =>
        RequestKey.AllOf(request, endpoint).Select(key => NewestWhere("held_key = $key", ("$key", key))).FirstOrDefault(task => task is not null);

    /// <summary>The batches, that of the newest task first, each counted as <see cref="Batch"/> does.</summary>
    public IReadOnlyList<JournalBatch> Batches()
    {
        var batches = new List<JournalBatch>();
        // With MAX, SQLite takes what is selected beside it from the very row: https://sqlite.org/lang_select.html#bareagg
        _queries.Read(
            """
            SELECT batch, COUNT(*), SUM(status = 'Completed'), SUM(status = 'Failed'), MIN(created_at)
            FROM (SELECT batch, status, created_at, MAX(row) AS newest FROM task WHERE batch IS NOT NULL GROUP BY batch, COALESCE(name, request_key, id))
            GROUP BY batch ORDER BY MAX(newest) DESC
            """,
            [],
            reader =>
            {
                batches.Add(new JournalBatch(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4))));
                return true;
            });
        return batches;
    }

    /// <summary>The files that a picture of a task went to, or was about to.</summary>
    internal IReadOnlyList<SavedFile> Files(ImageTask task, int image) => FilesWhere(
        $"row IN (SELECT row FROM task WHERE {EndpointNames.AtService} AND id = $id) AND image = $image",
        EndpointNames.Of(task.Endpoint), ("$id", task.Id), ("$image", image));

    /// <summary>What older tasks of the same name in the same batch wrote to a path.</summary>
    internal IReadOnlyList<SavedFile> Superseded(ImageTask task, string path) => task.Batch is null || task.Name is null ? [] : FilesWhere(
        $"path = $path AND row IN (SELECT row FROM task WHERE {EndpointNames.AtService} AND batch = $batch AND name = $name AND id <> $id)",
        ("$path", path), EndpointNames.Of(task.Endpoint), ("$batch", task.Batch), ("$name", task.Name), ("$id", task.Id));

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _queries.Dispose();

    private ImageTask? NewestWhere(string condition, params (string, object?)[] values)
    {
        ImageTask? found = null;
        Query($"SELECT {Columns} FROM task WHERE {condition} ORDER BY row DESC", values, row =>
        {
            found = row.Task;
            return false;
        });
        return found;
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

    private void Query(string sql, IEnumerable<(string, object?)> values, Func<JournalRow, bool> take) =>
        ReadNewestFirst(sql, values, reader => take(RowOf(reader)));

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

    private JournalRow RowOf(SqliteDataReader reader) => JournalRow.Read(reader, _time.GetUtcNow().ToUnixTimeMilliseconds(), _inHand);

    private static bool IsWanted(Func<string, bool>? isWanted, SqliteDataReader reader, string column) =>
        isWanted is null || (reader[column] is string text && isWanted(text));
}
