namespace NanoBanana.Client.Gallery;

/// <summary>The way from a page to a file, as an address: the folder of both can be moved and sent as a whole.</summary>
internal static class RelativeUrl
{
    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <param name="directory">The full path of the page's folder.</param>
    /// <param name="file">The full path of the file.</param>
    /// <returns>A relative address; an absolute one for a file on another drive.</returns>
    public static string Between(string directory, string file)
    {
        string root = Path.GetPathRoot(directory)!;
        string fileRoot = Path.GetPathRoot(file)!;
        string[] to = Segments(file, fileRoot);
        if (!root.Equals(fileRoot, StringComparison.OrdinalIgnoreCase))
            return new Uri(fileRoot).AbsoluteUri.TrimEnd('/') + "/" + Join(to);

        string[] from = Segments(directory, root);
        int common = from.Zip(to, (a, b) => a == b).TakeWhile(same => same).Count();
        return Join([.. Enumerable.Repeat("..", from.Length - common), .. to.Skip(common)]);
    }

    private static string[] Segments(string path, string root) =>
        path.Substring(root.Length).Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    // By itself: System.Uri takes a percent sign in a path for an escape that is there already.
    private static string Join(string[] segments) => string.Join("/", segments.Select(Uri.EscapeDataString));
}
