#if NET
using System.Runtime.InteropServices;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Renames a file to a name that must not exist, atomically. Windows does this by default. On Unix, .NET first checks whether the name
/// exists and then renames, so a second process could replace the file of the first one. Linux has a rename that replaces nothing. On other
/// systems a hard link is created, which never replaces a file.
/// </summary>
internal static class NoReplaceRename
{
    /// <summary>Renames a file.</summary>
    /// <exception cref="IOException">The name exists, or the file can't be renamed.</exception>
    public static void Rename(string path, string target)
    {
#if NET
        if (!OperatingSystem.IsWindows() && TryOnUnix(path, target))
            return;
#endif
        // For file systems that support neither (FAT, some shares). It also throws the exception of a failed rename.
        File.Move(path, target);
    }

#if NET
    private const int CurrentFolder = -100;
    private const uint NoReplace = 1;

    private static bool TryOnUnix(string path, string target)
    {
        if (OperatingSystem.IsLinux() && TryRename(path, target))
            return true;
        if (Link(path, target) != 0)
            return false;
        File.Delete(path);
        return true;
    }

    private static bool TryRename(string path, string target)
    {
        try
        {
            return RenameAt(CurrentFolder, path, CurrentFolder, target, NoReplace) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is older.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "renameat2", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int RenameAt(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int targetFolder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string target, uint flags);

    [DllImport("libc", EntryPoint = "link", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string target);
#endif
}
