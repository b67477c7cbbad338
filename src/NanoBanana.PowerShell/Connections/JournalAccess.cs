using NanoBanana.Client.Journal;

namespace NanoBanana.Connections;

/// <summary>The journal of this user, for commands that need no connection.</summary>
internal static class JournalAccess
{
    /// <summary>For a look that makes and waits for nothing; null where there is no journal yet.</summary>
    /// <param name="endpoint">Whose tasks are looked for; null for those of all.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    public static JournalReader? Glance(Uri? endpoint = null) => JournalHandle.FromEnvironment(endpoint, TimeProvider.System).Glance();

    /// <summary>The journal for a command that changes it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    public static TaskJournal Require()
    {
        Loading.JournalCloser.MarkUsed();
        return JournalHandle.FromEnvironment(endpoint: null, TimeProvider.System).Require();
    }
}
