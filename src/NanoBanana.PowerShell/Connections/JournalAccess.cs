using NanoBanana.Client.Journal;

namespace NanoBanana.Connections;

/// <summary>The journal of this user, for commands that read it without a connection.</summary>
internal static class JournalAccess
{
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    public static TaskJournal Require()
    {
        Loading.JournalCloser.MarkUsed();
        return JournalHandle.FromEnvironment(endpoint: null, TimeProvider.System).Require();
    }
}
