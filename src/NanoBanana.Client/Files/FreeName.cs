#if NET
using System.Runtime.InteropServices;
using System.Text;
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
        (byte[] from, byte[] to) = (Terminated(path), Terminated(target));
        if (OperatingSystem.IsLinux() && Rename(from, to))
            return true;
        if (Link(from, to) != 0)
            return false;
        File.Delete(path);
        return true;
    }

    /// <summary>A path as C takes it.</summary>
    private static byte[] Terminated(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, 0, path.Length, bytes, 0);
        return bytes;
    }

    private static bool Rename(byte[] path, byte[] target)
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

    [DllImport("libc", EntryPoint = "renameat2")]
    private static extern int Rename(int folder, byte[] path, int targetFolder, byte[] target, uint flags);

    [DllImport("libc", EntryPoint = "link")]
    private static extern int Link(byte[] path, byte[] target);
#endif
}
