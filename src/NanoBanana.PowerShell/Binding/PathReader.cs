using NanoBanana.Client.Journal;

namespace NanoBanana.Binding;

/// <summary>
/// Resolves paths to files. An exception of PowerShell about a path becomes an error about one input, because it must not end a pipeline
/// with paid tasks.
/// </summary>
internal static class PathReader
{
    private const string FileSystem = "FileSystem";

    private static readonly string[] AddressSchemes = ["https://", "http://", "data:"];

    /// <summary>Characters of a path that is not simply below the current location.</summary>
    private static readonly char[] PathCharacters = ['\\', ':', '~', '`'];

    /// <summary>The maximum length of a prompt that is checked for being a path, in characters.</summary>
    private const int LongestPath = 400;

    /// <summary>
    /// The files of a path that can have wildcards. A file with exactly this name has priority: brackets are common in names.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: no file matches.</exception>
    public static IReadOnlyList<string> Resolve(PSCmdlet cmdlet, string path)
    {
        if (TryLiteral(cmdlet, path) is { } literal && File.Exists(literal))
            return [literal];
        ProviderInfo? provider = null;
        IReadOnlyList<string> files = Try(path, () => cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider));
        return files.Count == 0
            ? throw NoFile(path)
            : InFileSystem(provider, path) ? files : throw NotInFileSystem(path);
    }

    /// <summary>The image files of a path that can have wildcards, by name. A missing file is an error when it is read.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not the path of a file.</exception>
    public static IEnumerable<string> Images(PSCmdlet cmdlet, string path)
    {
        path = path.Trim();
        if (AddressSchemes.Any(scheme => path.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
            throw Invalid(Messages.AddressInImagePath(path));
        string? literal = TryLiteral(cmdlet, path);
        if (literal is not null && Directory.Exists(literal))
            throw Invalid(Messages.FolderInImagePath(path));
        return !File.Exists(literal) && WildcardPattern.ContainsWildcardCharacters(path)
            ? Resolve(cmdlet, path).Where(File.Exists).OrderBy(file => file, StringComparer.OrdinalIgnoreCase)
            : [Literal(cmdlet, path)];
    }

    /// <summary>The full path of a literal path. The file does not have to exist.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not the path of a file.</exception>
    public static string Literal(PSCmdlet cmdlet, string path) => Literal(cmdlet.SessionState.Path, path);

    /// <summary>The value of <c>$env:NANOBANANA_JOURNAL</c>.</summary>
    public static string? NamedJournal => Environment.GetEnvironmentVariable(JournalLocation.Variable)?.Trim();

    /// <summary>
    /// Resolves the path of a journal by PowerShell's rules on the pipeline thread. The returned function returns the path, or throws the
    /// error, on any thread.
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
            return _ => throw new NanoBananaException(e.Kind, Messages.JournalPathNotFound(named), e);
        }
    }

    /// <summary>The full path of the journal in the session of this thread, for completion.</summary>
    public static string JournalOfSession(string named) =>
        PSObject.AsPSObject(ScriptBlock.Create("$ExecutionContext.SessionState.Path").InvokeReturnAsIs()).BaseObject is PathIntrinsics paths
            ? ResolveJournal(paths, named)
            : throw NoFile(named);

    private static string ResolveJournal(PathIntrinsics paths, string named)
    {
        // At a location outside of the file system, such as Env:, a path without a drive is below the last location in the file system.
        bool isElsewhere = paths.CurrentLocation.Provider.Name != FileSystem
            && !paths.IsPSAbsolute(named, out _) && !paths.IsProviderQualified(named);
        return Literal(
            paths, isElsewhere ? System.IO.Path.Combine(paths.CurrentFileSystemLocation.ProviderPath, named) : named);
    }

    private static string Literal(PathIntrinsics paths, string path)
    {
        ProviderInfo? provider = null;
        string file = Try(path, () => paths.GetUnresolvedProviderPathFromPSPath(path, out provider, out _));
        return InFileSystem(provider, path) ? Try(path, () => System.IO.Path.GetFullPath(file)) : throw NotInFileSystem(path);
    }

    /// <summary>The full path of a file; null if it is not the path of a file.</summary>
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

    /// <summary>Refuses a prompt that is the name of an existing file: the user means the file, not its name.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the file exists.</exception>
    public static void CheckNoFile(PSCmdlet cmdlet, string prompt)
    {
        string path = prompt.Trim().Trim('"');
        if (path.Length is 0 or > LongestPath || path.IndexOfAny(['\n', '\r', '\0']) >= 0)
            return;
        bool isWildcard = path.Contains('*') && path.IndexOfAny(['.', '/', '\\']) >= 0 && !path.Any(char.IsWhiteSpace);
        if (!(isWildcard ? HasFiles(cmdlet, path) : IsFile(cmdlet, path)))
            return;
        throw Invalid(Messages.PromptIsFile(path, isWildcard));
    }

    private static bool IsFile(PSCmdlet cmdlet, string path)
    {
        // Resolving a path takes PowerShell a long time, and most prompts are plain words: these can only be below the current location.
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

    /// <summary>The location of a drive as a folder; null if it is not in the file system.</summary>
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
            // A null character, or ~ without a home folder. On .NET Framework also one of <>|" or a colon in the middle.
            throw Invalid(Messages.NotAPath(path, e.Message), e);
        }
    }

    private static bool InFileSystem(ProviderInfo? provider, string path) => provider?.Name == FileSystem && !path.Contains('\0');

    private static NanoBananaException NoFile(string path, Exception? cause = null) =>
        Invalid(Messages.FileNotFound(path), cause);

    private static NanoBananaException NotInFileSystem(string path) => Invalid(Messages.NotInFileSystem(path));

    private static NanoBananaException Invalid(string message, Exception? cause = null) =>
        new(NanoBananaErrorKind.InvalidRequest, message, cause);
}
