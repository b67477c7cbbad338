#if NET
using System.Runtime.InteropServices;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Gives a file a name that must be free, in one step or not at all. Windows renames so by itself. On Unix .NET looks whether
/// the name is free and renames then, so of two processes the second replaces what the first has saved between the two.
/// Linux can be asked for a rename that replaces nothing; elsewhere a link is made, which never does.
/// </summary>
internal static class FreeName
{
    /// <summary>Moves a file.</summary>
    /// <exception cref="IOException">The name is taken, among other reasons.</exception>
    public static void Move(string path, string target)
    {
#if NET
        if (!OperatingSystem.IsWindows() && TryOnUnix(path, target))
            return;
#endif
        // Also what says why it was not done above, and what moves where a file system (FAT, some shares) knows neither way.
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
            // An older C library.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "renameat2", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Rename(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int targetFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string target, uint flags);

    [DllImport("libc", EntryPoint = "link", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string target);
#endif
}
