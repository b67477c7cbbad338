namespace NanoBanana.Client.Files;

/// <summary>Relative paths from a folder to a file, so both can be moved together. .NET Framework has no method for this.</summary>
internal static class RelativePath
{
    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The relative path, with slashes on every system; the full path of a file on another drive.</summary>
    /// <param name="directory">The full path of the folder.</param>
    /// <param name="file">The full path of the file.</param>
    public static string Between(string directory, string file) =>
        Segments(directory, file) is { } segments ? string.Join("/", segments) : file;

    /// <summary>The segments of the relative path, <c>..</c> for each folder upwards; null for a file on another drive.</summary>
    public static string[]? Segments(string directory, string file)
    {
        string root = Path.GetPathRoot(directory)!;
        string fileRoot = Path.GetPathRoot(file)!;
        if (!root.Equals(fileRoot, StringComparison.OrdinalIgnoreCase))
            return null;
        string[] from = Split(directory, root), to = Split(file, fileRoot);
        int common = from.Zip(to, (a, b) => a == b).TakeWhile(same => same).Count();
        return [.. Enumerable.Repeat("..", from.Length - common), .. to.Skip(common)];
    }

    private static string[] Split(string path, string root) =>
        path.Substring(root.Length).Split(Separators, StringSplitOptions.RemoveEmptyEntries);
}
