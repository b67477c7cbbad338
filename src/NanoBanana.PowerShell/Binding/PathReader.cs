using NanoBanana.Client.Journal;

namespace NanoBanana.Binding;

/// <summary>
/// Resolves paths to files. What PowerShell throws over a path is made an error about one input: it must not end a
/// pipeline that has tasks in hand.
/// </summary>
internal static class PathReader
{
    private const string FileSystem = "FileSystem";

    /// <summary>What a path has that is not simply below the location.</summary>
    private static readonly char[] PathCharacters = ['\\', ':', '~', '`'];

    /// <summary>No longer prompt is looked for on the disk.</summary>
    private const int LongestPath = 400;

    /// <summary>The files of a path that may have wildcards. A file that has the very name comes first: brackets are common in names.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there is no such file.</exception>
    public static IReadOnlyList<string> Resolve(PSCmdlet cmdlet, string path)
    {
        if (TryLiteral(cmdlet, path) is { } literal && File.Exists(literal))
            return [literal];
        ProviderInfo? provider = null;
        IReadOnlyList<string> files = Try(path, () => cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider));
        return files.Count == 0
            ? throw NoFile(path)
            : InFileSystem(provider, path) ? files : throw Elsewhere(path);
    }

    /// <summary>The image files of a path that may have wildcards, by name. A file that does not exist is named by the error of reading it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it can be no file.</exception>
    public static IEnumerable<string> Images(PSCmdlet cmdlet, string path)
    {
        path = path.Trim();
        if (path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(path, 80)}' is an address, and -ImagePath takes files. Give it with -ImageUrl.");
        string? literal = TryLiteral(cmdlet, path);
        if (literal is not null && Directory.Exists(literal))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(path)}' is a folder. Give an image; for a request for each image of it: Get-ChildItem '{TextSafety.Excerpt(path)}' | New-NanoBananaImage 'PROMPT'.");
        return !File.Exists(literal) && WildcardPattern.ContainsWildcardCharacters(path)
            ? Resolve(cmdlet, path).Where(File.Exists).OrderBy(file => file, StringComparer.OrdinalIgnoreCase)
            : [Literal(cmdlet, path)];
    }

    /// <summary>The full path of a file whose name is taken as it is; the file need not exist.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: that is no path of a file.</exception>
    public static string Literal(PSCmdlet cmdlet, string path) => Literal(cmdlet.SessionState.Path, path);

    /// <summary>The value of <c>$env:NANOBANANA_JOURNAL</c>.</summary>
    public static string? NamedJournal => Environment.GetEnvironmentVariable(JournalLocation.Variable)?.Trim();

    /// <summary>
    /// Resolves the path of a journal by PowerShell's rules, on the thread of the pipeline, and returns a function that gives or throws
    /// the outcome on any thread.
    /// </summary>
    public static Func<string, string> Journal(PathIntrinsics paths, string? named)
    {
        if (named is null or "" || named.Equals("off", StringComparison.OrdinalIgnoreCase) || JournalLocation.IsAddress(named))
            return path => path;
        try
        {
            string path = ResolveJournal(paths, named);
            return _ => path;
        }
        catch (NanoBananaException e)
        {
            return _ => throw new NanoBananaException(
                e.Kind, $"'{TextSafety.Excerpt(named)}' is not a path of the file system here. Check that its drive or home folder exists.", e);
        }
    }

    /// <summary>The full path of the journal in the session of this thread, for completion.</summary>
    public static string JournalOfSession(string named) =>
        PSObject.AsPSObject(ScriptBlock.Create("$ExecutionContext.SessionState.Path").InvokeReturnAsIs()).BaseObject is PathIntrinsics paths
            ? ResolveJournal(paths, named)
            : throw NoFile(named);

    private static string ResolveJournal(PathIntrinsics paths, string named)
    {
        // At a location that is no folder, such as Env:, a path without a drive is one of the file system all the same.
        bool isElsewhere = paths.CurrentLocation.Provider.Name != FileSystem && !paths.IsPSAbsolute(named, out _) && !paths.IsProviderQualified(named);
        return isElsewhere ? Literal(paths, System.IO.Path.Combine(paths.CurrentFileSystemLocation.ProviderPath, named)) : Literal(paths, named);
    }

    private static string Literal(PathIntrinsics paths, string path)
    {
        ProviderInfo? provider = null;
        string file = Try(path, () => paths.GetUnresolvedProviderPathFromPSPath(path, out provider, out _));
        return InFileSystem(provider, path) ? Try(path, () => System.IO.Path.GetFullPath(file)) : throw Elsewhere(path);
    }

    /// <summary>The full path of a file; null when that is no path of a file.</summary>
    public static string? TryLiteral(PSCmdlet cmdlet, string path)
    {
        try
        {
            return Literal(cmdlet, path);
        }
        catch (NanoBananaException)
        {
            return null;
        }
    }

    /// <summary>Refuses a prompt that is the name of a file: its image would not be what the file tells or shows.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there is such a file.</exception>
    public static void CheckNoFile(PSCmdlet cmdlet, string prompt)
    {
        string path = prompt.Trim().Trim('"');
        if (path.Length is 0 or > LongestPath || path.IndexOfAny(['\n', '\r', '\0']) >= 0)
            return;
        bool isWildcard = path.Contains('*') && path.IndexOfAny(['.', '/', '\\']) >= 0 && !path.Any(char.IsWhiteSpace);
        if (!(isWildcard ? HasFiles(cmdlet, path) : IsFile(cmdlet, path)))
            return;
        throw new NanoBananaException(
            NanoBananaErrorKind.InvalidRequest,
            $"The prompt '{TextSafety.Excerpt(path)}' is the name of a file that exists. Give a prompt file with -PromptPath, an image "
                + $"with -ImagePath beside a prompt, and the lines of a file with Get-Content '{TextSafety.Excerpt(path)}' | "
                + $"New-NanoBananaImage.");
    }

    private static bool IsFile(PSCmdlet cmdlet, string path)
    {
        // Most prompts are plain words, and PowerShell takes its time for a path: these are below the folder of the location.
        if (path[0] != '/' && path.IndexOfAny(PathCharacters) < 0)
        {
            return FolderOf(cmdlet.SessionState.Drive.Current) is { } folder
                && File.Exists($"{folder}{System.IO.Path.DirectorySeparatorChar}{path}");
        }
        // A text with a colon, such as 'Photo: a fox', is a path only on a drive that exists.
        int colon = path.IndexOf(':');
        bool isOnDrive = colon < 0 || cmdlet.SessionState.Drive.GetAll().Any(drive =>
            drive.Name.Equals(path.Substring(0, colon), StringComparison.OrdinalIgnoreCase));
        return isOnDrive && TryLiteral(cmdlet, path) is { } full && File.Exists(full);
    }

    /// <summary>The location of a drive as a folder; null where it is none.</summary>
    private static string? FolderOf(PSDriveInfo? drive) =>
        drive?.Provider.Name == FileSystem ? System.IO.Path.Combine(drive.Root, drive.CurrentLocation) : null;

    private static bool HasFiles(PSCmdlet cmdlet, string path)
    {
        try
        {
            return Resolve(cmdlet, path).Any(File.Exists);
        }
        catch (NanoBananaException)
        {
            return false;
        }
    }

    private static T Try<T>(string path, Func<T> resolve)
    {
        try
        {
            return resolve();
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw NoFile(path, e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            // A null character anywhere; ~ without a home; on .NET Framework also any of <>|" and a colon in the middle.
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(path)}' is not a path: {e.Message}", e);
        }
    }

    private static bool InFileSystem(ProviderInfo? provider, string path) => provider?.Name == FileSystem && !path.Contains('\0');

    private static NanoBananaException NoFile(string path, Exception? cause = null) =>
        new(NanoBananaErrorKind.InvalidRequest, $"There is no file '{TextSafety.Excerpt(path)}'. Give the path of a file that exists; wildcards are allowed.", cause);

    private static NanoBananaException Elsewhere(string path) =>
        new(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(path)}' is not in the file system. Give the path of a file.");
}
