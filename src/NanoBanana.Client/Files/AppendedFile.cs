using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NanoBanana.Client.Files;

/// <summary>
/// Appends to a file that other processes also append to. The system finds the end and writes in one step. A .NET stream writes at the
/// position that was the end when it was opened.
/// </summary>
internal static class AppendedFile
{
    /// <summary>
    /// Appends the bytes in one write. Creates the file and its folder if they do not exist; on Unix only the owner can read the file.
    /// </summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write the file.</exception>
    public static void Append(string path, byte[] bytes)
    {
        if (Path.DirectorySeparatorChar == '\\')
            AppendOnWindows(path, bytes);
        else
            AppendOnUnix(path, bytes);
    }

    private static void Create(string path)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
#if NET
        if (!OperatingSystem.IsWindows())
        {
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
            return;
        }
#endif
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
    }

    // https://pubs.opengroup.org/onlinepubs/9799919799/functions/write.html: with O_APPEND, moving to the end and writing is atomic.
    private static void AppendOnUnix(string path, byte[] bytes)
    {
        Create(path);
        // O_WRONLY with O_APPEND, O_NONBLOCK (a pipe may have no reader), O_NOCTTY and O_CLOEXEC.
        bool isLinux = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);
        int flags = isLinux ? 1 | 0x400 | 0x800 | 0x100 | 0x80000 : 1 | 0x8 | 0x4 | 0x20000 | 0x1000000;
        int file = OpenFile(Encoding.UTF8.GetBytes(path + "\0"), flags);
        if (file < 0)
            throw Failed(path, Marshal.GetLastWin32Error());
        try
        {
            long written = WriteFile(file, bytes, (IntPtr)bytes.Length).ToInt64();
            if (written != bytes.Length)
                throw Failed(path, written < 0 ? Marshal.GetLastWin32Error() : 28);
        }
        finally
        {
            _ = CloseFile(file);
        }
    }

    // https://learn.microsoft.com/windows-hardware/drivers/ddi/ntifs/nf-ntifs-ntwritefile: with FILE_APPEND_DATA only, each write is at the
    // end.
    private static void AppendOnWindows(string path, byte[] bytes)
    {
        Create(path);
        const uint AppendData = 0x4, Synchronize = 0x100000, ShareAll = 7, OpenExisting = 3, NormalFile = 0x80;
        using SafeFileHandle file =
            CreateFile(path, AppendData | Synchronize, ShareAll, IntPtr.Zero, OpenExisting, NormalFile, IntPtr.Zero);
        if (file.IsInvalid || !WriteFile(file, bytes, bytes.Length, out int written, IntPtr.Zero) || written != bytes.Length)
            throw Failed(path, Marshal.GetLastWin32Error());
    }

    private static IOException Failed(string path, int error) => new($"{new Win32Exception(error).Message} : '{path}'.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFile(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern IntPtr WriteFile(int file, byte[] bytes, IntPtr count);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int CloseFile(int file);

    [DllImport("kernel32", CharSet = CharSet.Unicode, EntryPoint = "CreateFileW", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern SafeFileHandle CreateFile(
        string path, uint access, uint share, IntPtr security, uint mode, uint attributes, IntPtr template);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool WriteFile(SafeFileHandle file, byte[] bytes, int count, out int written, IntPtr overlapped);
}
