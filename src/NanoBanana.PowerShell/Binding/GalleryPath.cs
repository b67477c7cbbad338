using System.Management.Automation;
using NanoBanana.Client;

namespace NanoBanana.Binding;

/// <summary>The file of a gallery.</summary>
internal static class GalleryPath
{
    private static readonly string[] Extensions = [".html", ".htm"];

    /// <summary>The full path; a name without an extension gets <c>.html</c>.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: another extension, or no path of a file.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        string full = PathReader.Literal(cmdlet, path);
        string extension = System.IO.Path.GetExtension(full);
        if (extension.Length == 0 && !Directory.Exists(full))
            return full + Extensions[0];
        return extension.Length == 0 || Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase)
            ? full
            : throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(path)}' would not be opened as a page. The extension is .html or .htm; leave it out to get .html.");
    }
}
