using NanoBanana.Client.Journal;

namespace NanoBanana.Loading;

/// <summary>Closes the journal when the module goes, without loading the client for it when no command ever did.</summary>
internal static class JournalCloser
{
    private static volatile bool _used;

    public static void MarkUsed() => _used = true;

    public static void CloseIfUsed()
    {
        if (_used)
            Close();
    }

    // A method of its own: only when it is compiled does the runtime ask for the client.
    private static void Close() => JournalHandle.CloseAll();
}
