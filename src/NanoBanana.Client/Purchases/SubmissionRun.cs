using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The submits of one command. It ends submitting when more of it would only waste prompts or money: the key is refused, the
/// account is not permitted, or ten submits in a row had an unknown outcome. Accepted tasks are not affected. It keeps the
/// leases of its tasks until it is disposed.
/// </summary>
/// <param name="submit">Submits a request and hands over the lease of its task.</param>
public sealed class SubmissionRun(Func<ImageRequest, IClientObserver, Action<IDisposable>, CancellationToken, Task<ImageTask>> submit) : IDisposable
{
    /// <summary>This many unknown outcomes in a row end submitting.</summary>
    public const int UnknownInARowLimit = 10;

    private readonly object _lock = new();
    private readonly List<IDisposable> _leases = [];
    private bool _disposed;
    private int _unknownInARow;

    /// <summary>Why submitting has ended; null while it goes on.</summary>
    public NanoBananaException? StopReason { get; private set; }

    /// <summary>Submits a request, unless submitting has ended.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="observer">Receives every request.</param>
    /// <param name="stop">Ends the waits before the request leaves.</param>
    /// <returns>The task; null when it was not bought because submitting has ended, for <see cref="StopReason"/>.</returns>
    /// <exception cref="NanoBananaException">This one request failed.</exception>
    public async Task<ImageTask?> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        if (StopReason is not null)
            return null;
        try
        {
            ImageTask task = await submit(request, observer, Keep, stop).ConfigureAwait(false);
            Count(unknown: false);
            return task;
        }
        catch (NanoBananaException e) when (e.Kind is NanoBananaErrorKind.ApiKeyRejected or NanoBananaErrorKind.NotPermitted)
        {
            End(e);
            return null;
        }
        catch (NanoBananaException e)
        {
            if (e.IsFromJournal)
                throw;
            if (Count(unknown: e.Kind == NanoBananaErrorKind.SubmissionUnknown) >= UnknownInARowLimit)
                End(new NanoBananaException(NanoBananaErrorKind.SubmissionUnknown, $"{UnknownInARowLimit} submits in a row were sent and their outcome is unknown; the last: {e.Message}", e));
            throw;
        }
    }

    /// <summary>Releases the leases: the pipeline is done with the tasks.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _leases.ForEach(lease => lease.Dispose());
            _leases.Clear();
        }
    }

    private void Keep(IDisposable lease)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _leases.Add(lease);
                return;
            }
        }
        lease.Dispose();
    }

    private int Count(bool unknown)
    {
        lock (_lock)
            return _unknownInARow = unknown ? _unknownInARow + 1 : 0;
    }

    private void End(NanoBananaException reason)
    {
        lock (_lock)
            StopReason ??= reason;
    }
}
