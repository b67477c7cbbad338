namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// Writes the journal over one connection. Changes that arrive during a commit are written together in the next one, so a thousand
/// submissions in flight wait for a few syncs of the disk instead of a thousand.
/// </summary>
/// <param name="connection">The connection, which is closed with the writer.</param>
internal sealed class JournalWriter(JournalConnection connection) : IDisposable
{
    private readonly object _lock = new();
    private readonly List<IWrite> _retried = [];
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
    /// <param name="isRetried">Whether it is retried with the next change if the store could not be written.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it could not be written.</exception>
    public Task<T> WriteAsync<T>(Func<JournalConnection, T> change, bool isRetried = false)
    {
        var write = new Write<T>(change, isRetried);
        lock (_lock)
        {
            if (_disposed)
                return Task.FromException<T>(connection.Closed());
            _queue.Add(write);
            if (!_running)
            {
                _running = true;
                _loop = Task.Run(Run);
            }
        }
        return write.Done;
    }

    /// <summary>Runs a change together with the next one or the next flush, without its own commit.</summary>
    public void Defer(Action<JournalConnection> change)
    {
        lock (_lock)
        {
            if (!_disposed)
                _deferred.Add(new Write<bool>(open => { change(open); return true; }, isRetried: false));
        }
    }

    /// <summary>Ends when all changes so far are durable.</summary>
    /// <param name="checkpoint">
    /// Whether to move the changes into the file, so that a copy of the file is complete. It does not wait for other processes: pages that
    /// another process is reading stay in the write-ahead log. See https://sqlite.org/pragma.html#pragma_wal_checkpoint.
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
        if (_retried.Count > 0)
            Commit([]);
        connection.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            List<IWrite> writes;
            YieldToAdders();
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
                connection.Checkpoint();
        }
    }

    /// <summary>
    /// Lets other threads add their changes to the next commit, because a commit takes the same time for one change as for many. If the
    /// processors are idle, no thread is waiting and this takes no time.
    /// </summary>
    private void YieldToAdders()
    {
        for (int count = -1, more = Count(); more > count; more = Count())
        {
            count = more;
            Thread.Yield();
        }

        int Count()
        {
            lock (_lock)
                return _queue.Count;
        }
    }

    private void Commit(List<IWrite> writes)
    {
        writes.InsertRange(0, _retried);
        _retried.Clear();
        while (true)
        {
            try
            {
                if (!CommitTogether(writes))
                    CommitOneByOne(writes);
                writes.ForEach(write => write.Succeed());
                SetFailed(false);
                return;
            }
            catch (Exception e)
            {
                connection.RollBack();
                // The caller of a rejected change already has its error, so the change must not be retried.
                writes.RemoveAll(write => write.IsRejected);
                if (connection.ShouldRetry(e))
                    continue;
                SetFailed(true);
                // Every change ends, for any exception. Otherwise, its submission would never end.
                Exception error = connection.ErrorOf(e);
                _retried.AddRange(writes.Where(write => write.IsRetried));
                writes.ForEach(write => write.Fail(error));
                return;
            }
        }
    }

    private void SetFailed(bool hasFailed)
    {
        if (hasFailed == _hasFailed)
            return;
        _hasFailed = hasFailed;
        connection.SetLockTimeout(hasFailed);
    }

    /// <returns>False if a change was rejected. Then nothing is committed.</returns>
    private bool CommitTogether(List<IWrite> writes)
    {
        connection.Begin();
        try
        {
            foreach (IWrite write in writes)
                Apply(write);
        }
        catch (Exception e) when (!connection.IsStoreError(e))
        {
            connection.RollBack();
            return false;
        }
        connection.Commit();
        return true;
    }

    /// <summary>
    /// Commits all changes except the rejected ones. If the store can't be written, all changes fail. It needs twice the number of
    /// commands, so it is used only after a change was rejected.
    /// </summary>
    private void CommitOneByOne(List<IWrite> writes)
    {
        connection.Begin();
        foreach (IWrite write in writes)
        {
            connection.Run("SAVEPOINT one");
            try
            {
                Apply(write);
                connection.Run("RELEASE one");
            }
            catch (Exception e) when (!connection.IsStoreError(e))
            {
                connection.Run("ROLLBACK TO one");
                write.IsRejected = true;
                write.Fail(connection.ErrorOf(e));
            }
        }
        connection.Commit();
    }

    private void Apply(IWrite write)
    {
        connection.BeginChange();
        write.Apply(connection);
    }

    private interface IWrite
    {
        bool IsRetried { get; }

        /// <summary>Whether the change itself failed, not the store.</summary>
        bool IsRejected { get; set; }

        void Apply(JournalConnection connection);

        void Succeed();

        void Fail(Exception error);
    }

    private sealed class Write<T>(Func<JournalConnection, T> change, bool isRetried) : IWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;

        public bool IsRetried => isRetried;

        public bool IsRejected { get; set; }

        public void Apply(JournalConnection connection) => _result = change(connection);

        public void Succeed() => _done.TrySetResult(_result);

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
