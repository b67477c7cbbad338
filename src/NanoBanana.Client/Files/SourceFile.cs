using System.Security.Cryptography;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>An input image of a saved image, as the JSON of the saved image tells of it.</summary>
/// <param name="Path">
/// The path of its file from the folder of the JSON, with slashes, so that both can be moved together; the full path on another drive.
/// </param>
/// <param name="Sha256">The hash of the file that was sent; null when it is not known.</param>
/// <param name="Id">The task that made it, as far as the journal knows.</param>
internal sealed record SourceFile(string Path, string? Sha256, string? Id)
{
    /// <summary>The largest file that is compared, in bytes: no larger one is sent.</summary>
    private const long MaximumBytes = 100 * 1024 * 1024;

    /// <summary>The input files of a task, in the order of its <see cref="ImageParameters.ImagePath"/>; null when it has none.</summary>
    /// <param name="task">The task.</param>
    /// <param name="directory">The folder of the JSON.</param>
    /// <param name="makerOf">The task that made a file; null when none is known.</param>
    public static IReadOnlyList<SourceFile>? Of(ImageTask task, string directory, Func<string, ImageTask?> makerOf)
    {
        if (task.ImagePath is not { Count: > 0 } paths)
            return null;
        string[] sent = [.. (task.ImageUrl ?? []).Where(url => url?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == true)];
        return [.. paths.Select((path, i) => new SourceFile(
            RelativePath.Between(directory, path), HashOf(path, i < sent.Length ? sent[i] : null, task.CreatedAt), makerOf(path)?.Id))];
    }

    /// <summary>The file, if it is the one that was sent: what a JSON of unknown origin names is not shown because it names it.</summary>
    /// <param name="directory">The folder of the JSON.</param>
    /// <param name="full">The full path that it had.</param>
    /// <param name="problem">Why there is none.</param>
    public string? Find(string directory, string? full, out string? problem)
    {
        string[] candidates = [.. new[] { Path, full }.OfType<string>().Select(path => FullPath(directory, path)).OfType<string>().Distinct()];
        if (Sha256 is not null && candidates.FirstOrDefault(path => Hash(path) == Sha256) is { } found)
        {
            problem = null;
            return found;
        }
        problem = !candidates.Any(File.Exists) ? "is not there any more." : Sha256 is null ? "may have changed since." : "has changed since.";
        return null;
    }

    /// <summary>The hash of the file as it was read to be sent; else of a file that was not written since.</summary>
    private static string? HashOf(string path, string? dataUri, DateTimeOffset? sentAt)
    {
        const string Sha256Key = "sha256:";
        if (dataUri is not null && InputImage.Of(dataUri)?.Key is { } key && key.StartsWith(Sha256Key, StringComparison.Ordinal))
            return key.Substring(Sha256Key.Length);
        return sentAt is { } time && File.GetLastWriteTimeUtc(path) <= time.UtcDateTime ? Hash(path) : null;
    }

    /// <summary>
    /// Null for a path that is none, and for one on another server than the folder: to open such a file is to log on there, by the word
    /// of a JSON file.
    /// </summary>
    private static string? FullPath(string directory, string path)
    {
        try
        {
            string full = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, path));
            string root = System.IO.Path.GetPathRoot(full) ?? "";
            bool isOfServer = root.StartsWith(@"\\", StringComparison.Ordinal) || root.StartsWith("//", StringComparison.Ordinal);
            return isOfServer && !root.Equals(System.IO.Path.GetPathRoot(directory), StringComparison.OrdinalIgnoreCase) ? null : full;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException)
        {
            return null;
        }
    }

    /// <summary>The hash of a file; null when it can't be read.</summary>
    private static string? Hash(string path)
    {
        try
        {
            using FileStream stream = RegularFile.Open(path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[128 * 1024];
            long length = 0;
            for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                if ((length += read) > MaximumBytes)
                    return null;
            }
            return Hex.Of(hash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
