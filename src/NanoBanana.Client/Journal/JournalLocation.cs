namespace NanoBanana.Client.Journal;

/// <summary>Where the journal is kept: <c>$env:NANOBANANA_JOURNAL</c>, else the user's data folder of the platform.</summary>
/// <param name="Path">The full path of the file; null for no journal.</param>
/// <param name="IsNamed">Whether the variable names it.</param>
public readonly record struct JournalLocation(string? Path, bool IsNamed)
{
    /// <summary>The environment variable: a path, or <c>off</c>.</summary>
    public const string Variable = "NANOBANANA_JOURNAL";

    /// <summary>Compares paths as the file system does: on Windows J.db and j.db are one file.</summary>
    internal static StringComparer PathComparer { get; } =
        System.IO.Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Reads the variable.</summary>
    public static JournalLocation FromEnvironment()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(named))
            return new JournalLocation(DefaultPath(), IsNamed: false);
        return named!.Trim().Equals("off", StringComparison.OrdinalIgnoreCase)
            ? new JournalLocation(null, IsNamed: false)
            : new JournalLocation(System.IO.Path.GetFullPath(named.Trim()), IsNamed: true);
    }

    /// <summary>
    /// Whether tasks of an endpoint are kept there. Those of this machine, the emulator's, only in a file that was named
    /// for it: rehearsals do not belong among what was paid for.
    /// </summary>
    public bool Keeps(Uri endpoint) => Path is not null && (IsNamed || !endpoint.IsLoopback);

    private static string? DefaultPath()
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? null : System.IO.Path.Combine(data, "NanoBanana", "journal.db");
    }
}
