
namespace NanoBanana.Client.Journal.Storage;

/// <summary>Queries over a connection that is made when it is first needed; one at a time.</summary>
/// <param name="store">The store, for errors.</param>
internal abstract class JournalQueries(JournalStore store) : IDisposable
{
    private readonly object _lock = new();
    private bool _disposed;

    /// <param name="sql">The query. <c>@now</c> and <c>@machine</c> have their values by themselves.</param>
    /// <param name="values">Its other parameters.</param>
    /// <param name="take">Takes a row and returns whether more are wanted.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public void Read(string sql, IEnumerable<(string Name, object? Value)> values, Func<IJournalRows, bool> take)
    {
        lock (_lock)
        {
            // Else it would be connected again, for nobody to close, and SQLite would make a file that is gone anew.
            if (_disposed)
                throw store.Closed();
            ThrowIfStopped();
            try
            {
                ReadRows(sql, values, take);
            }
            catch (Exception e) when (store.IsOfTheData(e))
            {
                if (IsStop(e))
                    ThrowIfStopped();
                throw store.Unusable(store.Explain(e), e);
            }
        }
    }

    /// <summary>Runs queries that all see the store as it is at one moment; other uses of this object wait for them.</summary>
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
            catch (Exception e) when (store.IsOfTheData(e))
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

    /// <summary>Writes a consistent copy to an empty file, as a journal of SQLite, where the database can do so itself.</summary>
    /// <returns>Whether it can.</returns>
    public virtual bool TryCopyTo(string file) => false;

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Close();
        }
    }

    /// <summary>A query begins.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    protected abstract void ThrowIfStopped();

    /// <summary>Whether an error says that the pipeline has stopped, and nothing of the store.</summary>
    protected abstract bool IsStop(Exception e);

    protected abstract void ReadRows(string sql, IEnumerable<(string Name, object? Value)> values, Func<IJournalRows, bool> take);

    protected abstract void BeginSnapshot();

    /// <summary>Ends a snapshot. Throws nothing: what was read is right also when the connection was lost then.</summary>
    protected abstract void EndSnapshot();

    protected abstract void Close();
}
