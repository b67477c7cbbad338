using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The submits of one command. It ends submitting when going on would only burn prompts or money: the key is refused,
/// the account is not permitted, or ten submits in a row had an unknown fate. What was accepted before is not touched.
/// </summary>
/// <param name="client">What to submit with.</param>
public sealed class SubmissionRun(NanoBananaClient client)
{
    /// <summary>So many submits of unknown fate in a row end submitting.</summary>
    public const int UnknownInARowLimit = 10;

    private readonly object _lock = new();
    private int _unknownInARow;

    /// <summary>Why submitting has ended; null while it goes on.</summary>
    public NanoBananaException? StopReason { get; private set; }

    /// <summary>Submits a request, or does not because submitting has ended.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Ends the waits before the request leaves.</param>
    /// <returns>The task; null when it was not bought because submitting has ended, for <see cref="StopReason"/>.</returns>
    /// <exception cref="NanoBananaException">This one request failed.</exception>
    public async Task<ImageTask?> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        if (StopReason is not null)
            return null;
        try
        {
            ImageTask task = await client.SubmitAsync(request, observer, stop).ConfigureAwait(false);
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
                End(new NanoBananaException(NanoBananaErrorKind.SubmissionUnknown, $"{UnknownInARowLimit} submits in a row were sent and what became of them is not known; the last: {e.Message}", e));
            throw;
        }
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
