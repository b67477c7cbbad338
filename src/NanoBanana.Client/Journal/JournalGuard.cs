using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Lets work continue when its journal entry can't be written, because the work is paid for. One warning reports a journal that fails,
/// until it works again. Information that only the lost entry would contain is reported each time.
/// </summary>
internal sealed class JournalGuard
{
    private int _isReported;

    /// <param name="write">The change of the journal.</param>
    /// <param name="observer">Receives the warning.</param>
    /// <param name="lost">A sentence with the information that only the entry would contain; empty if the loss is small.</param>
    public async Task TryAsync(Task write, IClientObserver observer, string lost)
    {
        try
        {
            await write.ConfigureAwait(false);
            Volatile.Write(ref _isReported, 0);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            Report(e, observer, lost);
        }
    }

    /// <summary>Reports that an entry could not be written.</summary>
    public void Report(NanoBananaException failure, IClientObserver observer, string lost = "")
    {
        if (Interlocked.Exchange(ref _isReported, 1) == 0 || lost.Length > 0)
            observer.OnWarning(Messages.ContinuesWithoutJournal(lost, failure.Message));
    }
}
