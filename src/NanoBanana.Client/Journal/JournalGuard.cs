namespace NanoBanana.Client.Journal;

/// <summary>Lets work go on when its journal entry can't be written: the work is paid for, the entry is not.</summary>
internal static class JournalGuard
{
    /// <param name="write">The entry.</param>
    /// <param name="observer">Hears of a failure.</param>
    /// <param name="what">What the entry would have said.</param>
    public static async Task TryAsync(Task write, IClientObserver observer, string what)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            observer.OnWarning($"{what} {e.Message}".Trim());
        }
    }
}
