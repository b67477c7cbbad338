#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Puts a folder's names on the disk. On Unix a file's own sync says nothing of its name: without this the journal, which is
/// synced, could call a picture saved whose name a power cut has taken. NTFS keeps names in a log of its own.
/// </summary>
internal static class FolderSync
{
    /// <summary>Best effort: the file is whole and has its name, whatever comes of this.</summary>
    public static void Flush(string folder)
    {
#if NET
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(Encoding.UTF8.GetBytes(folder + "\0"), flags: 0);
        if (descriptor < 0)
            return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
#endif
    }

#if NET
    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
#endif
}
