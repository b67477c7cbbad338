using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>Reads the journal over its own connection. In WAL mode, readers and the writer do not wait for each other.</summary>
public sealed partial class JournalReader : IDisposable
{
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
        _queries.Read($"SELECT 1 FROM task WHERE {RequestKey.IsVersion1} LIMIT 1", [], _ => !(has = true));
        return has;
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

    private JournalRow RowOf(IJournalRows reader) => JournalRow.Read(reader, _leases);
}
