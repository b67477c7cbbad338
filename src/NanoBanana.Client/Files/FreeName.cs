#if NET
using System.Runtime.InteropServices;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Renames a file to a name that must not exist, atomically. Windows does this by default. On Unix, .NET first checks whether the name
/// exists and then renames, so a second process could replace the file of the first one. Linux has a rename that replaces nothing. On other
/// systems a hard link is created, which never replaces a file.
/// </summary>
internal static class FreeName
{
    /// <summary>Moves a file.</summary>
    /// <exception cref="IOException">The name exists, or the file can't be moved.</exception>
    public static void Move(string path, string target)
    {
#if NET
        if (!OperatingSystem.IsWindows() && TryOnUnix(path, target))
            return;
#endif
        // This also throws the exception of a failed move, and moves on file systems without both ways (FAT, some shares).
        File.Move(path, target);
    }

#if NET
    private const int ThisFolder = -100;
    private const uint ReplaceNothing = 1;

    private static bool TryOnUnix(string path, string target)
    {
        if (OperatingSystem.IsLinux() && Rename(path, target))
            return true;
        if (Link(path, target) != 0)
            return false;
        File.Delete(path);
        return true;
    }

    private static bool Rename(string path, string target)
    {
        try
        {
            return Rename(ThisFolder, path, ThisFolder, target, ReplaceNothing) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is older.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "renameat2", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Rename(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int targetFolder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string target, uint flags);

    [DllImport("libc", EntryPoint = "link", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string target);
#endif
}
