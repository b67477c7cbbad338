using System.Management.Automation;
using NanoBanana.Client;

namespace NanoBanana.Binding;

/// <summary>Turns PowerShell's paths into the file system's. A path of another provider would become a file's by accident.</summary>
internal static class PathReader
{
    /// <summary>The files that a path with wildcards leads to; none where wildcards match nothing.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there is no such file.</exception>
    public static IReadOnlyList<string> Resolve(PSCmdlet cmdlet, string path) => InFileSystem(path, () =>
    {
        IReadOnlyList<string> files = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
        return (files, provider);
    });

    /// <summary>The file or folder that a path names as it stands, whether it exists or not.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it is not in the file system.</exception>
    public static string Literal(PSCmdlet cmdlet, string path) => InFileSystem(path, () =>
    {
        string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return (provider.Name == "FileSystem" ? System.IO.Path.GetFullPath(full) : full, provider);
    });

    private static T InFileSystem<T>(string path, Func<(T Found, ProviderInfo Provider)> find)
    {
        try
        {
            (T found, ProviderInfo provider) = find();
            return provider.Name == "FileSystem"
                ? found
                : throw Refuse($"'{TextSafety.Excerpt(path)}' is not in the file system. Give the path of a file or folder.");
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw Refuse($"There is no '{TextSafety.Excerpt(path)}': {e.Message} Give the path of a file or folder.", e);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // A null character anywhere; on .NET Framework also any of <>|" and a colon in the middle.
            throw Refuse($"'{TextSafety.Excerpt(path)}' is not a path: {e.Message}", e);
        }
    }

    private static NanoBananaException Refuse(string message, Exception? cause = null) =>
        new(NanoBananaErrorKind.InvalidRequest, message, cause);
}
