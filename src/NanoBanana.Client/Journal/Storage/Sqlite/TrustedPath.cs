#if NET
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>Follows the links of a path, and refuses one that another user put where everybody can write.</summary>
internal static class TrustedPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <param name="path">A full path. Its end need not exist, also behind a link.</param>
    /// <returns>The full path without a link in it.</returns>
    /// <exception cref="IOException">A link is not to be followed.</exception>
    public static string Resolve(string path)
    {
        var rest = new Stack<string>(Parts(path));
        string resolved = "/";
        int links = 0;
        while (rest.Count > 0)
        {
            string part = rest.Pop();
            if (part == "..")
                resolved = Path.GetDirectoryName(resolved) ?? "/";
            if (part is "." or "..")
                continue;
            string next = Path.Combine(resolved, part);
            if (FileStatus.OfLink(next) is not { IsSymbolicLink: true } link)
            {
                resolved = next;
                continue;
            }
            if (FileStatus.Of(resolved) is not { } folder || !SharedFileRule.Trusts(link, folder, FileStatus.CurrentUser))
                throw new IOException($"'{TextSafety.Clean(next)}' is a link of another user ({link.Owner}) in a folder that everybody can write.");
            if (++links > MostLinks || new FileInfo(next).LinkTarget is not { } target)
                throw new IOException($"'{TextSafety.Clean(next)}' is a link that leads nowhere.");
            if (Path.IsPathRooted(target))
                resolved = "/";
            foreach (string more in Parts(target))
                rest.Push(more);
        }
        return resolved;
    }

    /// <summary>The last part first, as a stack takes them.</summary>
    private static IEnumerable<string> Parts(string path) => Enumerable.Reverse(path.Split('/', StringSplitOptions.RemoveEmptyEntries));
}
#endif
