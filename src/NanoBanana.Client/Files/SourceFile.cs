using System.Security.Cryptography;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>An input image of a saved image, in the JSON of the saved image.</summary>
/// <param name="Path">
/// The relative path of the file from the folder of the JSON, with slashes, so both can be moved together; the full path on another drive.
/// </param>
/// <param name="Sha256">The hash of the file that was sent; null if it is not known.</param>
/// <param name="Id">The id of the task that made the file; null if the journal does not have it.</param>
internal sealed record SourceFile(string Path, string? Sha256, string? Id)
{
    /// <summary>
    /// The input files of a task, in the order of its <see cref="ImageParameters.ImagePath"/>; null if it has no input files.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="directory">The folder of the JSON.</param>
    /// <param name="makerOf">Returns the task that made a file; null if it is not known.</param>
    public static IReadOnlyList<SourceFile>? Of(ImageTask task, string directory, Func<string, ImageTask?> makerOf)
    {
        if (task.ImagePath is not { Count: > 0 } paths)
            return null;
        string[] sent = [.. (task.ImageUrl ?? []).Where(url => url?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == true)];
        return [.. paths.Select((path, i) => new SourceFile(
            RelativePath.Between(directory, path), HashOf(path, i < sent.Length ? sent[i] : null, task.CreatedAt), makerOf(path)?.Id))];
    }

    /// <summary>
    /// Finds the file, and checks that it is the file that was sent. A JSON file from an unknown source must not decide which files are
    /// shown.
    /// </summary>
    /// <param name="directory">The folder of the JSON.</param>
    /// <param name="full">The full path at the time of the request.</param>
    /// <param name="problem">The reason why the file is not found; null if it is found.</param>
    public string? Find(string directory, string? full, out string? problem)
    {
        string[] candidates = [.. new[] { Path, full }.OfType<string>()
            .Select(path => FullPath(directory, path)).OfType<string>().Distinct()];
        if (Sha256 is not null && candidates.FirstOrDefault(path => Hash(path) == Sha256) is { } found)
        {
            problem = null;
            return found;
        }
        problem = !candidates.Any(File.Exists) ? Messages.FileGone
            : Sha256 is null ? Messages.FileMayHaveChanged : Messages.FileHasChanged;
        return null;
    }

    /// <summary>
    /// The hash of the file at the time of the request. If it is not known, the hash of a file that has not been written since then.
    /// </summary>
    private static string? HashOf(string path, string? dataUri, DateTimeOffset? sentAt)
    {
        const string Sha256Key = "sha256:";
        if (dataUri is not null && InputImage.Of(dataUri)?.Key is { } key && key.StartsWith(Sha256Key, StringComparison.Ordinal))
            return key.Substring(Sha256Key.Length);
        return sentAt is { } time && File.GetLastWriteTimeUtc(path) <= time.UtcDateTime ? Hash(path) : null;
    }

    /// <summary>
    /// The full path; null for an invalid path, and for a path on another server than the folder, because opening it could send the user's
    /// credentials to a server that a JSON file names.
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

    /// <summary>The hash of a file; null if it can't be read.</summary>
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
                // No larger file is sent.
                if ((length += read) > InputImage.MaximumFileBytes)
                    return null;
            }
            return Sha256Hex.Of(hash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
