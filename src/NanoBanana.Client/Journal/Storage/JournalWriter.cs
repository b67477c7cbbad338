namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The one connection that writes. What is asked for while a commit is on its way to the disk goes into the next one
/// together, so that a thousand submits in flight wait for a few syncs, not for a thousand.
/// </summary>
/// <param name="connection">The connection, which is closed with the writer.</param>
internal sealed class JournalWriter(JournalConnection connection) : IDisposable
{
    private readonly object _lock = new();
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
    /// <param name="isOwed">Whether it is tried again with the next changes after the store could not be written.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it could not be written.</exception>
    public Task<T> WriteAsync<T>(Func<JournalConnection, T> change, bool isOwed = false)
    {
        var write = new Write<T>(change, isOwed);
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

    /// <summary>Runs a change with the next one, or with the next flush: it is worth no commit of its own.</summary>
    public void Defer(Action<JournalConnection> change)
    {
        lock (_lock)
        {
            if (!_disposed)
                _deferred.Add(new Write<bool>(open => { change(open); return true; }, isOwed: false));
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
        connection.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            List<IWrite> writes;
            LetOthersAdd();
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
    /// Where the processors are busy, a thread that is about to add a change is ready to run: a commit costs the same for many changes as
    /// for one. Where they are idle, this takes no time.
    /// </summary>
    private void LetOthersAdd()
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
        writes.InsertRange(0, _owed);
        _owed.Clear();
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
                // One that can't be made has said so, and must not be made after all.
                writes.RemoveAll(write => write.HasFailedAlone);
                if (connection.TriesAgain(e))
                    continue;
                SetFailed(true);
                // Whatever it is: a write without an end would hold its submit for ever.
                Exception error = connection.ErrorOf(e);
                _owed.AddRange(writes.Where(write => write.IsOwed));
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
        connection.SetPatience(hasFailed);
    }

    /// <returns>False when a change can't be made: nothing was then.</returns>
    private bool CommitTogether(List<IWrite> writes)
    {
        connection.Begin();
        try
        {
            foreach (IWrite write in writes)
                Apply(write);
        }
        catch (Exception e) when (!connection.IsOfTheStore(e))
        {
            connection.RollBack();
            return false;
        }
        connection.Commit();
        return true;
    }

    /// <summary>
    /// A change that can't be made takes none of its neighbours along; a store that can't be written takes all. Twice the
    /// commands, so only where one has failed.
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
            catch (Exception e) when (!connection.IsOfTheStore(e))
            {
                connection.Run("ROLLBACK TO one");
                write.HasFailedAlone = true;
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
