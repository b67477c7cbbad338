using System.Management.Automation;
using NanoBanana.Client;

namespace NanoBanana.Binding;

/// <summary>Resolves paths with wildcards to files.</summary>
internal static class PathReader
{
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there is no such file.</exception>
    public static IEnumerable<string> Resolve(PSCmdlet cmdlet, string[] paths)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            try
            {
                files.AddRange(cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider));
                if (provider.Name != "FileSystem")
                    throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(path)}' is not in the file system. Give the path of a text file.");
            }
            catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
            {
                throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"There is no file '{TextSafety.Excerpt(path)}'. Give the path of a text file that is one prompt; wildcards are allowed.", e);
            }
        }
        return files;
    }
}
