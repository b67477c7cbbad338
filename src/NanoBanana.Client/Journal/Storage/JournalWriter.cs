using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The one connection that writes. What is asked for while a commit is on its way to the disk goes into the next one
/// together, so that a thousand submits in flight wait for a few syncs, not for a thousand.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="limit">Watches the connection: a change that does not end is one that failed.</param>
/// <param name="patience">How long to wait for another process's commit.</param>
internal sealed class JournalWriter(SqliteConnection connection, string path, QueryLimit limit, TimeSpan patience) : IDisposable
{
    private readonly JournalConnection _connection = new(connection);
    private readonly object _lock = new();
    /// <summary>After a failure: whoever waits for the disk is not to wait for a file that stays locked, change after change.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1);

    private readonly List<IWrite> _owed = [];
    private List<IWrite> _queue = [];
    private List<IWrite> _deferred = [];
    private bool _hasFailed;
    private bool _hasWritten;
    private bool _checkpoints;
    private Task _loop = Task.CompletedTask;
    private bool _running;
    private bool _disposed;

    /// <summary>Runs a change; the task ends when it is durable.</summary>
    /// <param name="change">The change, alone on the connection.</param>
    /// <param name="isOwed">Whether it is tried again with the next changes after the file could not be written.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it could not be written.</exception>
    public Task<T> WriteAsync<T>(Func<JournalConnection, T> change, bool isOwed = false)
    {
        var write = new Write<T>(change, isOwed);
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

    /// <summary>Runs a change with the next one, or with the next flush: it is worth no commit of its own.</summary>
    public void Defer(Action<JournalConnection> change)
    {
        lock (_lock)
        {
            if (!_disposed)
                _deferred.Add(new Write<bool>(connection => { change(connection); return true; }, isOwed: false));
        }
    }

    /// <summary>Ends when everything asked for so far is durable.</summary>
    /// <param name="checkpoint">
    /// Whether to move it into the file itself, so that a copy of the file is complete. Waits for nobody: what another process reads
    /// at this moment stays in the write-ahead log. See https://sqlite.org/pragma.html#pragma_wal_checkpoint.
    /// </param>
    public Task FlushAsync(bool checkpoint = false)
    {
        lock (_lock)
        {
            _checkpoints |= checkpoint && _hasWritten;
            if ((_deferred.Count > 0 || _checkpoints) && !_running && !_disposed)
            {
                _running = true;
                _loop = Task.Run(Run);
            }
            return _loop;
        }
    }

    public void Dispose()
    {
        Task flushed;
        lock (_lock)
        {
            flushed = FlushAsync();
            _disposed = true;
        }
        flushed.GetAwaiter().GetResult();
        if (_owed.Count > 0)
            Commit([]);
        _connection.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            List<IWrite> writes;
            lock (_lock)
            {
                if (_queue.Count + _deferred.Count == 0 && !_checkpoints)
                {
                    _running = false;
                    return;
                }
                if (_queue.Count + _deferred.Count == 0)
                {
                    (_checkpoints, _hasWritten) = (false, false);
                    writes = [];
                }
                else
                {
                    _hasWritten = true;
                    writes = [.. _deferred, .. _queue];
                    (_queue, _deferred) = ([], []);
                }
            }
            if (writes.Count > 0)
                Commit(writes);
            else
                _connection.Checkpoint();
        }
    }

    private void Commit(List<IWrite> writes)
    {
        writes.InsertRange(0, _owed);
        _owed.Clear();
        try
        {
            if (!CommitTogether(writes))
                CommitOneByOne(writes);
            writes.ForEach(write => write.Succeed());
            SetFailed(false);
        }
        catch (Exception e)
        {
            _connection.RollBack();
            SetFailed(true);
            // Whatever it is: a write without an end would hold its submit for ever.
            Exception error = ErrorOf(e);
            _owed.AddRange(writes.Where(write => write.IsOwed && !write.HasFailedAlone));
            writes.ForEach(write => write.Fail(error));
        }
    }

    /// <summary>A circuit breaker: one change waits with full patience for a locked file; those after it wait a second until one succeeds.</summary>
    private void SetFailed(bool hasFailed)
    {
        if (hasFailed == _hasFailed)
            return;
        _hasFailed = hasFailed;
        _connection.SetPatience(hasFailed && patience > ShortPatience ? ShortPatience : patience);
    }

    /// <returns>False when a change can't be made: nothing was then.</returns>
    private bool CommitTogether(List<IWrite> writes)
    {
        _connection.Run("BEGIN IMMEDIATE");
        try
        {
            foreach (IWrite write in writes)
                Apply(write);
        }
        catch (Exception e) when (!JournalDatabase.IsOfTheFile(e))
        {
            _connection.RollBack();
            return false;
        }
        _connection.Run("COMMIT");
        return true;
    }

    /// <summary>
    /// A change that can't be made takes none of its neighbours along; a file that can't be written takes all. Twice the
    /// commands, so only where one has failed.
    /// </summary>
    private void CommitOneByOne(List<IWrite> writes)
    {
        _connection.Run("BEGIN IMMEDIATE");
        foreach (IWrite write in writes)
        {
            _connection.Run("SAVEPOINT one");
            try
            {
                Apply(write);
            }
            catch (Exception e) when (!JournalDatabase.IsOfTheFile(e))
            {
                _connection.Run("ROLLBACK TO one");
                write.HasFailedAlone = true;
                write.Fail(ErrorOf(e));
            }
            _connection.Run("RELEASE one");
        }
        _connection.Run("COMMIT");
    }

    /// <summary>What is wrong with the file is an error for the user; a defect stays what it is.</summary>
    private Exception ErrorOf(Exception e) =>
        JournalDatabase.IsOfTheFile(e) || JournalDatabase.IsOfTheData(e) ? JournalDatabase.Unusable(path, JournalDatabase.Explain(e), e) : e;

    private void Apply(IWrite write)
    {
        limit.Begin();
        write.Apply(_connection);
    }

    private interface IWrite
    {
        bool IsOwed { get; }

        bool HasFailedAlone { get; set; }

        void Apply(JournalConnection connection);

        void Succeed();

        void Fail(Exception error);
    }

    private sealed class Write<T>(Func<JournalConnection, T> change, bool isOwed) : IWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;

        public bool IsOwed => isOwed;

        public bool HasFailedAlone { get; set; }

        public void Apply(JournalConnection connection) => _result = change(connection);

        public void Succeed() => _done.TrySetResult(_result);

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
