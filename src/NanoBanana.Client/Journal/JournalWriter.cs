using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The one connection that writes. What is asked for while a commit is on its way to the disk goes into the next one
/// together, so that a thousand submits in flight wait for a few syncs, not for a thousand.
/// </summary>
internal sealed class JournalWriter(SqliteConnection connection, string path) : IDisposable
{
    private readonly object _lock = new();
    private List<IWrite> _queue = [];
    private Task _loop = Task.CompletedTask;
    private bool _running;
    private bool _disposed;

    /// <summary>Runs a change; the task ends when it is durable.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it could not be written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> change)
    {
        var write = new Write<T>(change);
        lock (_lock)
        {
            if (_disposed)
                return Task.FromException<T>(JournalDatabase.Unusable(path, "it was closed."));
            _queue.Add(write);
            if (!_running)
            {
                _running = true;
                _loop = Task.Run(Run);
            }
        }
        return write.Done;
    }

    /// <summary>Ends when everything asked for so far is durable.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
            return _loop;
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        FlushAsync().GetAwaiter().GetResult();
        connection.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            List<IWrite> writes;
            lock (_lock)
            {
                writes = _queue;
                if (writes.Count == 0)
                {
                    _running = false;
                    return;
                }
                _queue = [];
            }
            Commit(writes);
        }
    }

    private void Commit(List<IWrite> writes)
    {
        try
        {
            using (SqliteTransaction transaction = connection.BeginTransaction(deferred: false))
            {
                foreach (IWrite write in writes)
                    write.Apply(connection);
                transaction.Commit();
            }
            writes.ForEach(write => write.Succeed());
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException or ObjectDisposedException)
        {
            NanoBananaException error = JournalDatabase.Unusable(path, JournalDatabase.Explain(e), e);
            writes.ForEach(write => write.Fail(error));
        }
    }

    private interface IWrite
    {
        void Apply(SqliteConnection connection);

        void Succeed();

        void Fail(Exception error);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> change) : IWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;

        public void Apply(SqliteConnection connection) => _result = change(connection);

        public void Succeed() => _done.TrySetResult(_result);

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
