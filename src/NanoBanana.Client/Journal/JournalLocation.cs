using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Where the tasks of a service are recorded (decision 0024): in the file that <c>$env:NANOBANANA_JOURNAL</c> names, else in the user's
/// data folder. There, the tasks of services on this machine, such as the emulator, have their own file.
/// </summary>
/// <param name="Path">The full path of the file, or the address of a database without its password; null without a journal.</param>
/// <param name="MissingReason">
/// Why the value of the variable is not valid, as sentences; null if the journal is off or has no folder.
/// </param>
/// <param name="Service">
/// The service whose tasks are listed from the file; null for all. The tasks of an emulator end with it, so the tasks of earlier emulators
/// in the same file are not listed.
/// </param>
public readonly record struct JournalLocation(string? Path, string? MissingReason = null, Uri? Service = null)
{
    /// <summary>The environment variable: a path, an address such as <c>postgresql://user@host/database</c>, or <c>off</c>.</summary>
    public const string Variable = "NANOBANANA_JOURNAL";

    /// <summary>Compares paths as the file system does. On Windows, J.db and j.db are the same file.</summary>
    internal static StringComparer PathComparer { get; } =
        System.IO.Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Finds the journal of a service.</summary>
    /// <param name="endpoint">The service; null for the default one.</param>
    /// <param name="named">The value of the variable.</param>
    /// <param name="fullPath">Resolves a path by the rules of the caller.</param>
    public static JournalLocation Of(Uri? endpoint, string? named, Func<string, string> fullPath) =>
        Of(endpoint, named, string.IsNullOrWhiteSpace(named) ? DataFolder() : null, fullPath);

    /// <param name="endpoint">The service; null for the default one.</param>
    /// <param name="named">The value of the variable.</param>
    /// <param name="folder">The user's data folder if the variable is not set; null without a data folder.</param>
    /// <param name="fullPath">Resolves a path.</param>
    internal static JournalLocation Of(Uri? endpoint, string? named, string? folder, Func<string, string> fullPath)
    {
        bool isHere = endpoint is { IsAbsoluteUri: true, IsLoopback: true };
        if (string.IsNullOrWhiteSpace(named))
        {
            string? file = folder is null ? null : System.IO.Path.Combine(folder, "NanoBanana", isHere ? "emulator.db" : "journal.db");
            return new JournalLocation(file, Service: isHere ? endpoint : null);
        }
        if (named!.Trim().Equals("off", StringComparison.OrdinalIgnoreCase))
            return default;
        string place = named.Trim();
        bool isShared = JournalStores.IsAddress(place);
        try
        {
            return isShared
                ? new JournalLocation(JournalStores.NameOf(place)) { Place = place }
                : new JournalLocation(fullPath(place));
        }
        catch (NanoBananaException e)
        {
            return new JournalLocation(null, Messages.JournalNotNamed(e.Message)) { IsShared = isShared };
        }
    }

    /// <summary>The journal that a command names.</summary>
    /// <param name="journal">A path, or the address of a database.</param>
    /// <param name="fullPath">Resolves a path.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the path or address is not valid.
    /// </exception>
    public static JournalLocation Named(string journal, Func<string, string> fullPath) => IsAddress(journal)
        ? new JournalLocation(JournalStores.NameOf(journal.Trim())) { Place = journal.Trim() }
        : new JournalLocation(fullPath(journal));

    /// <summary>Whether a value of the variable is the address of a database, not a path.</summary>
    public static bool IsAddress(string named) => JournalStores.IsAddress(named.Trim());

    /// <summary>Whether a journal that can't be used was to be shared with other machines. Then nothing is submitted without it.</summary>
    internal bool IsShared { get; init; }

    /// <summary>The path, or the address with its password.</summary>
    internal string? Place
    {
        get => field ?? Path;
        init;
    }

    /// <summary>The handle of the journal.</summary>
    public JournalHandle Handle(TimeProvider time) =>
        Place is null ? JournalHandle.Without(MissingReason, IsShared) : JournalHandle.At(Place, time);

    /// <summary>The user's data folder; null without one, as in a container without a home folder.</summary>
    internal static string? DataFolder()
    {
        string data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? null : data;
    }
}
