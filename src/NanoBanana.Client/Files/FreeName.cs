#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Gives a file a name that must be free. Windows renames so by itself. Unix has no such rename that is everywhere, and .NET
/// looks whether the name is free and renames then, so of two processes the second replaces what the first has saved between
/// the two. A link is made in one step, or not at all.
/// </summary>
internal static class FreeName
{
    /// <summary>Moves a file.</summary>
    /// <exception cref="IOException">The name is taken, among other reasons.</exception>
    public static void Move(string path, string target)
    {
#if NET
        if (!OperatingSystem.IsWindows() && Link(Encoding.UTF8.GetBytes(path + "\0"), Encoding.UTF8.GetBytes(target + "\0")) == 0)
        {
            File.Delete(path);
            return;
        }
#endif
        // Also what says why there is no link, and what moves where a file system (FAT, some shares) has none.
        File.Move(path, target);
    }

#if NET
    [DllImport("libc", EntryPoint = "link")]
    private static extern int Link(byte[] path, byte[] target);
#endif
}
