namespace NanoBanana.Client.Journal;

/// <summary>
/// Where the tasks of a service are recorded: in the file that <c>$env:NANOBANANA_JOURNAL</c> names, else in the user's data folder,
/// those of this machine (the emulator's) in a file of their own. Decision 0024.
/// </summary>
/// <param name="Path">The full path of the file, or the address of a database without its password; null for none.</param>
/// <param name="Absence">Why there is none; null for the reasons that a user chose or that the system has.</param>
/// <param name="Service">
/// The one service whose tasks are listed from the file; null for all. An emulator that has ended takes its tasks with it, so what
/// earlier ones left in their common file is of no use to anyone.
/// </param>
public readonly record struct JournalLocation(string? Path, string? Absence = null, Uri? Service = null)
{
    /// <summary>The environment variable: a path, an address such as <c>postgresql://user@host/database</c>, or <c>off</c>.</summary>
    public const string Variable = "NANOBANANA_JOURNAL";

    /// <summary>Compares paths as the file system does: on Windows J.db and j.db are one file.</summary>
    internal static StringComparer PathComparer { get; } =
        System.IO.Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Finds the place.</summary>
    /// <param name="endpoint">The service; null for the usual one.</param>
    /// <param name="named">The value of the variable.</param>
    /// <param name="fullPath">Makes a full path of what it names, by the rules of whoever asks.</param>
    public static JournalLocation Of(Uri? endpoint, string? named, Func<string, string> fullPath) =>
        Of(endpoint, named, string.IsNullOrWhiteSpace(named) ? DataFolder() : null, fullPath);

    /// <param name="endpoint">The service; null for the usual one.</param>
    /// <param name="named">The value of the variable.</param>
    /// <param name="folder">The user's data folder, where the variable is not set; null where there is none.</param>
    /// <param name="fullPath">Makes a full path of what the variable names.</param>
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
            return new JournalLocation(null, $"There is no journal: $env:{Variable} names none. {e.Message}") { IsShared = isShared };
        }
    }

    /// <summary>The journal that a command names.</summary>
    /// <param name="journal">A path, or the address of a database.</param>
    /// <param name="fullPath">Makes a full path of a path.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it names none.</exception>
    public static JournalLocation Named(string journal, Func<string, string> fullPath) => IsAddress(journal)
        ? new JournalLocation(JournalStores.NameOf(journal.Trim())) { Place = journal.Trim() }
        : new JournalLocation(fullPath(journal));

    /// <summary>Whether a value of the variable is the address of a database, and no path.</summary>
    public static bool IsAddress(string named) => JournalStores.IsAddress(named.Trim());

    /// <summary>Whether it was meant to be shared with other machines, though it can't be used: then nothing is bought without it.</summary>
    internal bool IsShared { get; init; }

    /// <summary>What opens it: the path, or the address with its password.</summary>
    internal string? Place
    {
        get => field ?? Path;
        init;
    }

    /// <summary>The journal there.</summary>
    public JournalHandle Handle(TimeProvider time) => Place is null ? JournalHandle.Without(Absence, IsShared) : JournalHandle.At(Place, time);

    /// <summary>The user's data folder; null where there is none, as in a container without a home.</summary>
    internal static string? DataFolder()
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? null : data;
    }
}
