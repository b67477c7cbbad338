using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>Reads the journal over a connection of its own: in WAL mode readers and the writer do not wait for each other.</summary>
public sealed class JournalReader : IDisposable
{
    /// <summary>True for a task of which not every picture has a file.</summary>
    internal const string HasUnsavedImage = "task.images > (SELECT COUNT(DISTINCT image) FROM file WHERE file.row = task.row AND saved = 1)";

    private const string Columns = "row, status, owner, updated_at, created_at, snapshot, request_key";

    private readonly object _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly TasksInHand _inHand;
    private SqliteConnection? _connection;

    internal JournalReader(string path, TimeProvider time, TimeSpan patience, TasksInHand inHand)
    {
        _path = path;
        _time = time;
        _patience = patience;
        _inHand = inHand;
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
        Narrow(@"batch LIKE $batch ESCAPE '\'", "$batch", Like(filter.Batch));
        Narrow(@"name LIKE $name ESCAPE '\'", "$name", Like(filter.Name));
        Narrow("created_at >= $after", "$after", filter.After?.ToUnixTimeMilliseconds());
        Narrow("created_at < $before", "$before", filter.Before?.ToUnixTimeMilliseconds());
        if (filter.Unsaved)
            where.Add($"(status IN ('Pending', 'Running') OR (status = 'Completed' AND {HasUnsavedImage}))");

        string sql = $"SELECT {Columns} FROM task WHERE {string.Join(" AND ", where)} ORDER BY row DESC";
        var tasks = new List<ImageTask>();
        long skipped = 0;
        Query(sql, values, row =>
        {
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
        NewestWhere("endpoint = $endpoint AND id = $id", ("$endpoint", endpoint.AbsoluteUri), ("$id", id));

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

    /// <summary>Whether a completed task has a picture without a file.</summary>
    public bool IsUnsaved(ImageTask task)
    {
        bool unsaved = false;
        Read(
            $"SELECT 1 FROM task WHERE endpoint = $endpoint AND id = $id AND status = 'Completed' AND {HasUnsavedImage}",
            [("$endpoint", task.Endpoint?.AbsoluteUri), ("$id", task.Id)],
            _ =>
            {
                unsaved = true;
                return false;
            });
        return unsaved;
    }

    /// <summary>The names of the batches, the newest first.</summary>
    public IReadOnlyList<string> Batches()
    {
        var names = new List<string>();
        Read("SELECT batch FROM task WHERE batch IS NOT NULL GROUP BY batch ORDER BY MAX(row) DESC", [], reader =>
        {
            names.Add(reader.GetString(0));
            return true;
        });
        return names;
    }

    /// <summary>The files that a picture of a task went to, or was about to.</summary>
    internal IReadOnlyList<SavedFile> Files(ImageTask task, int image) => FilesWhere(
        "row = (SELECT row FROM task WHERE endpoint = $endpoint AND id = $id) AND image = $image",
        ("$endpoint", task.Endpoint?.AbsoluteUri), ("$id", task.Id), ("$image", image));

    /// <summary>What older tasks of the same name in the same batch wrote to a path.</summary>
    internal IReadOnlyList<SavedFile> Superseded(ImageTask task, string path) => task.Batch is null || task.Name is null ? [] : FilesWhere(
        "path = $path AND row IN (SELECT row FROM task WHERE endpoint = $endpoint AND batch = $batch AND name = $name AND id <> $id)",
        ("$path", path), ("$endpoint", task.Endpoint?.AbsoluteUri), ("$batch", task.Batch), ("$name", task.Name), ("$id", task.Id));

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        lock (_lock)
            _connection?.Dispose();
    }

    /// <summary>The task that holds a key, for the writer inside its own transaction.</summary>
    internal static ImageTask? FindHolder(SqliteConnection connection, string key, long now, TasksInHand inHand)
    {
        using SqliteCommand command = Command(connection, $"SELECT {Columns} FROM task WHERE held_key = $key", [("$key", key)]);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() ? JournalRow.Read(reader, now, inHand).Task : null;
    }

    /// <summary>Whether another living process works on a task, for the writer inside its own transaction.</summary>
    internal static bool IsOwnedByAnother(SqliteConnection connection, ImageTask task, long now)
    {
        using SqliteCommand command = Command(
            connection, "SELECT owner, updated_at FROM task WHERE endpoint = $endpoint AND id = $id AND owner IS NOT NULL",
            [("$endpoint", task.Endpoint?.AbsoluteUri), ("$id", task.Id)]);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() && reader.GetString(0) != ProcessIdentity.Mine
            && ProcessIdentity.Lives(reader.GetString(0), TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(1))));
    }

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
        Read($"SELECT path, sha256, length FROM file WHERE {condition} ORDER BY saved DESC", values, reader =>
        {
            files.Add(new SavedFile(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
            return true;
        });
        return files;
    }

    private void Query(string sql, IEnumerable<(string, object?)> values, Func<JournalRow, bool> take) =>
        Read(sql, values, reader => take(JournalRow.Read(reader, _time.GetUtcNow().ToUnixTimeMilliseconds(), _inHand)));

    /// <param name="sql">The query.</param>
    /// <param name="values">Its parameters.</param>
    /// <param name="take">Takes a row and says whether more are wanted.</param>
    private void Read(string sql, IEnumerable<(string, object?)> values, Func<SqliteDataReader, bool> take)
    {
        lock (_lock)
        {
            try
            {
                _connection ??= JournalDatabase.Connect(_path, _patience);
                using SqliteCommand command = Command(_connection, sql, values);
                using SqliteDataReader reader = command.ExecuteReader();
                while (reader.Read() && take(reader))
                {
                }
            }
            catch (Exception e) when (e is SqliteException or JsonException or InvalidOperationException)
            {
                throw JournalDatabase.Unusable(_path, JournalDatabase.Explain(e), e);
            }
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, IEnumerable<(string Name, object? Value)> values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in values)
            command.Parameters.AddWithValue(name, value is long or string ? value : Convert.ToString(value, CultureInfo.InvariantCulture) ?? (object)DBNull.Value);
        return command;
    }

    /// <summary>PowerShell's wildcards in SQL's words.</summary>
    private static string? Like(string? wildcard) =>
        wildcard?.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_").Replace('*', '%').Replace('?', '_');
}
