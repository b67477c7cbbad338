using NanoBanana.Client.Http;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Lets work go on when its journal entry can't be written: the work is paid for, the entry is not. A journal that fails
/// is said once until it works again; what only the lost entry knew is said each time.
/// </summary>
internal sealed class JournalGuard
{
    private int _said;

    /// <param name="write">The entry.</param>
    /// <param name="observer">Hears of a failure.</param>
    /// <param name="what">What the entry would have said that is nowhere else; empty when the loss is small.</param>
    public async Task TryAsync(Task write, IClientObserver observer, string what)
    {
        try
        {
            await write.ConfigureAwait(false);
            Volatile.Write(ref _said, 0);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            Say(e, observer, what);
        }
    }

    /// <summary>Says that an entry is lost.</summary>
    public void Say(NanoBananaException failure, IClientObserver observer, string what = "")
    {
        if (Interlocked.Exchange(ref _said, 1) == 0 || what.Length > 0)
            observer.OnWarning($"{what} {failure.Message} Work goes on without it: keep the ids of your tasks.".Trim());
    }
}
