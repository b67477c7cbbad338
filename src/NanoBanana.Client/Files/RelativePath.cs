namespace NanoBanana.Client.Files;

/// <summary>The way from a folder to a file, so that both can be moved together. .NET Framework has no method for it.</summary>
internal static class RelativePath
{
    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The relative path, with slashes on every system; the full path for a file on another drive.</summary>
    /// <param name="directory">The full path of the folder.</param>
    /// <param name="file">The full path of the file.</param>
    public static string Between(string directory, string file) => Segments(directory, file) is { } way ? string.Join("/", way) : file;

    /// <summary>The names on the way, <c>..</c> for each folder upwards; null when there is none, for a file on another drive.</summary>
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

    private static string[] Split(string path, string root) => path.Substring(root.Length).Split(Separators, StringSplitOptions.RemoveEmptyEntries);
}
