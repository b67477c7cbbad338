namespace NanoBanana.Client.Journal.Storage;

/// <summary>Runs queries, one at a time, over a connection that is made when it is first needed.</summary>
/// <param name="store">The store, for errors.</param>
internal abstract class JournalQueries(JournalStore store) : IDisposable
{
    private readonly object _lock = new();
    private bool _disposed;

    /// <param name="sql">The query. <c>@now</c> and <c>@machine</c> are bound automatically.</param>
    /// <param name="values">Its other parameters.</param>
    /// <param name="take">Receives a row and returns whether to read the next one.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public void Read(string sql, IEnumerable<(string Name, object? Value)> values, Func<IJournalRows, bool> take)
    {
        lock (_lock)
        {
            // Otherwise, a new connection would never be closed, and SQLite could create a removed file again.
            if (_disposed)
                throw store.Closed();
            ThrowIfStopped();
            try
            {
                ReadRows(sql, values, take);
            }
            catch (Exception e) when (store.IsDataError(e))
            {
                if (IsStop(e))
                    ThrowIfStopped();
                throw store.Unusable(store.Explain(e), e);
            }
        }
    }

    /// <summary>Runs queries over one snapshot of the store. Other uses of this object wait for them.</summary>
    /// <param name="read">Calls <see cref="Read"/>.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public void InSnapshot(Action read)
    {
        lock (_lock)
        {
            if (_disposed)
                throw store.Closed();
            ThrowIfStopped();
            try
            {
                BeginSnapshot();
            }
            catch (Exception e) when (store.IsDataError(e))
            {
                throw store.Unusable(store.Explain(e), e);
            }
            try
            {
                read();
            }
            finally
            {
                EndSnapshot();
            }
        }
    }

    /// <summary>Writes a consistent copy to an empty file, as a journal of SQLite, if the database supports it.</summary>
    /// <returns>Whether the database supports it.</returns>
    public virtual bool TryCopyTo(string file) => false;

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Close();
        }
    }

    /// <summary>Called before each query.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    protected abstract void ThrowIfStopped();

    /// <summary>Whether an error means that the pipeline has stopped, not that the store failed.</summary>
    protected abstract bool IsStop(Exception e);

    protected abstract void ReadRows(string sql, IEnumerable<(string Name, object? Value)> values, Func<IJournalRows, bool> take);

    protected abstract void BeginSnapshot();

    /// <summary>Ends a snapshot. Never throws, because the rows that were read are valid even if the connection is lost now.</summary>
    protected abstract void EndSnapshot();

    protected abstract void Close();
}
