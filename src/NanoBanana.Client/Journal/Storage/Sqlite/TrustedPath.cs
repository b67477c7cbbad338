#if NET
using NanoBanana.Client.Files;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>Resolves the symbolic links of a path. Refuses links of other users in a folder that all users can write to.</summary>
internal static class TrustedPath
{
    /// <summary>The limit of Linux.</summary>
    private const int MaximumLinks = 40;

    /// <param name="path">A full path. The file and its folders need not exist.</param>
    /// <returns>The full path without links.</returns>
    /// <exception cref="IOException">A link is refused or can't be followed.</exception>
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
                throw new IOException(Messages.LinkNotTrusted(next, link.Owner));
            if (++links > MaximumLinks || new FileInfo(next).LinkTarget is not { } target)
                throw new IOException(Messages.LinkNotFollowed(next));
            if (Path.IsPathRooted(target))
                resolved = "/";
            foreach (string more in Parts(target))
                rest.Push(more);
        }
        return resolved;
    }

    /// <summary>The parts of a path in reverse order, for a stack.</summary>
    private static IEnumerable<string> Parts(string path) => Enumerable.Reverse(path.Split('/', StringSplitOptions.RemoveEmptyEntries));
}
#endif
