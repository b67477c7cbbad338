using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>Checks whether files can be written to a folder, without leaving a file or creating the folder.</summary>
internal static class FolderProbe
{
    /// <param name="folder">The full path.</param>
    public static ConnectionCheck Run(string folder)
    {
        // A missing folder is created when the first image is saved, so the nearest existing folder is checked.
        string? existing = folder;
        while (existing is not null && !Directory.Exists(existing))
        {
            if (File.Exists(existing))
                return ConnectionCheck.Failed(Messages.DestinationIsFile(existing));
            existing = Path.GetDirectoryName(existing);
        }
        if (existing is null)
            return ConnectionCheck.Failed(Messages.DriveMissing(folder));
        string probe = Path.Combine(existing, $".nanobanana-{Guid.NewGuid():N}.tmp");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
            return ConnectionCheck.Passed(existing == folder
                ? Messages.FolderWritable(folder)
                : Messages.FolderCreatedLater(folder, existing));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ConnectionCheck.Failed(Messages.DestinationNotWritable(existing, e.Message));
        }
    }
}
