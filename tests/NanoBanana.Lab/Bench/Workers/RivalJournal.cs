using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>
/// A minimal journal for the bare client. It stores the intent before the submission, the id before the task is used, and the
/// file's name before the file exists. Each is durable before the work continues. It has one connection and compiled statements.
/// Changes that arrive during a commit share the next commit.
/// </summary>
internal sealed class RivalJournal : IDisposable
{
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS task (row INTEGER PRIMARY KEY, request TEXT NOT NULL, id TEXT, file TEXT, sha256 BLOB);
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _intent;
    private readonly SqliteCommand _accept;
    private readonly SqliteCommand _file;
    private readonly SqliteCommand _commit;
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;
    private int _commits;
    private int _statements;

    public RivalJournal(string path)
    {
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
        Command(Schema).ExecuteNonQuery();
        _begin = Command("BEGIN IMMEDIATE");
        _intent = Command("INSERT INTO task (request) VALUES (@request) RETURNING row", "@request");
        _accept = Command("UPDATE task SET id = @id WHERE row = @row", "@id", "@row");
        _file = Command("UPDATE task SET file = @file, sha256 = @sha256 WHERE row = @row", "@file", "@sha256", "@row");
        _commit = Command("COMMIT");
        _loop = Task.Run(RunAsync);
    }

    /// <returns>The row of the new entry.</returns>
    public Task<long> IntentAsync(string request) => WriteAsync(_intent, request);

    public Task AcceptAsync(long row, string id) => WriteAsync(_accept, id, row);

    public Task FileAsync(long row, string file, byte[] sha256) => WriteAsync(_file, file, sha256, row);

    /// <summary>The counts since the last call.</summary>
    public Sample Take() =>
        new() { Commits = Interlocked.Exchange(ref _commits, 0), Statements = Interlocked.Exchange(ref _statements, 0) };

    public void Dispose()
    {
        _changes.Writer.Complete();
        _loop.GetAwaiter().GetResult();
        _connection.Dispose();
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private Task<long> WriteAsync(SqliteCommand command, params object[] values)
    {
        var change = new Change(command, values);
        _changes.Writer.TryWrite(change);
        return change.Done.Task;
    }

    private async Task RunAsync()
    {
        List<(Change Change, long Result)> together = [];
        while (await _changes.Reader.WaitToReadAsync())
        {
            _begin.ExecuteNonQuery();
            while (_changes.Reader.TryRead(out Change? change))
            {
                for (int i = 0; i < change.Values.Length; i++)
                    change.Command.Parameters[i].Value = change.Values[i];
                together.Add((change, change.Command.ExecuteScalar() is long row ? row : 0));
            }
            _commit.ExecuteNonQuery();
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _statements, together.Count + 2);
            foreach ((Change change, long result) in together)
                change.Done.SetResult(result);
            together.Clear();
        }
    }

    private sealed record Change(SqliteCommand Command, object[] Values)
    {
        public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
