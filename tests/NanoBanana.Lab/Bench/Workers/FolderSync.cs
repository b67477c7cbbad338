using System.Runtime.InteropServices;
using System.Text;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>Syncs the names in a folder to the disk, as the module does. .NET can't open folders.</summary>
internal static class FolderSync
{
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(Encoding.UTF8.GetBytes(folder + "\0"), flags: 0);
        if (descriptor < 0 || Sync(descriptor) < 0 || Close(descriptor) < 0)
            throw new IOException($"The folder '{folder}' can't be synced.");
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
