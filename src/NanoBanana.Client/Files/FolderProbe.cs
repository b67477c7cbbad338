namespace NanoBanana.Client.Files;

/// <summary>Checks that files can be written to a folder, without leaving one or making the folder.</summary>
internal static class FolderProbe
{
    /// <param name="folder">The full path.</param>
    public static ConnectionCheck Run(string folder)
    {
        // What is not there yet is made when the first image is saved: the nearest folder that is there decides.
        string? there = folder;
        while (there is not null && !Directory.Exists(there))
        {
            if (File.Exists(there))
                return ConnectionCheck.Failed($"'{there}' is a file. Give another folder with -Destination.");
            there = Path.GetDirectoryName(there);
        }
        if (there is null)
            return ConnectionCheck.Failed($"'{folder}' is on no drive that exists. Give another folder with -Destination.");
        string probe = Path.Combine(there, $".nanobanana-{Guid.NewGuid():N}.tmp");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
            return ConnectionCheck.Passed(there == folder ? $"'{folder}' can be written." : $"'{folder}' is made when the first image is saved; '{there}' can be written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ConnectionCheck.Failed($"'{there}' can't be written: {e.Message} Fix the permissions of the folder, free disk space, or give another folder.");
        }
    }
}
