using NanoBanana.Client.Journal;

namespace NanoBanana.Connections;

/// <summary>The journal of this user, for commands that read it without a connection.</summary>
internal static class JournalAccess
{
    /// <summary>The journal for a command that does with less without it; null when there is none.</summary>
    public static TaskJournal? Find()
    {
        try
        {
            return Require();
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            return null;
        }
    }

    /// <summary>The journal for a command that can't do without.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    public static TaskJournal Require()
    {
        Loading.JournalCloser.MarkUsed();
        return JournalHandle.FromEnvironment(endpoint: null, TimeProvider.System).Require();
    }
}
