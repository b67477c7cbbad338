using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NanoBanana.Client.Text;
#if NET
using System.ComponentModel;
using System.Text;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Reads files that another program may have created. A file is opened once and must be a regular file: reading a pipe can block, and a
/// device may have no end. Links are followed. At most the requested number of bytes is read, regardless of the reported length.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">The file does not exist, can't be opened, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to read the file.</exception>
    public static FileStream Open(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
            return OpenOnUnix(path);
#endif
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Checked(file, !IsWindows || GetFileType(file.SafeFileHandle) == DiskFile);
    }

    /// <summary>Reads a complete file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="limit">The maximum number of bytes.</param>
    /// <returns>The bytes; null if the file has more than the maximum.</returns>
    /// <exception cref="IOException">The file does not exist, can't be opened or read, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to read the file.</exception>
    public static byte[]? ReadAll(string path, int limit)
    {
        using FileStream file = Open(path);
        return ReadAll(file, limit);
    }

    /// <inheritdoc cref="ReadAll(string, int)"/>
    public static byte[]? ReadAll(FileStream file, int limit)
    {
        // This is a first check only: files of /proc report 0, and a file can grow.
        if (file.Length > limit)
            return null;
        using var content = new MemoryStream((int)file.Length);
        byte[] buffer = new byte[Math.Min(limit, 80 * 1024) + 1];
        int read;
        while ((read = file.Read(buffer, 0, Math.Min(buffer.Length, limit + 1 - (int)content.Length))) > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > limit)
                return null;
        }
        return content.ToArray();
    }

    /// <summary>The length and the time of the last write, to detect changes of a file.</summary>
    public static (long Length, DateTime Written) StateOf(FileStream file) =>
#if NET
        (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
#else
        (file.Length, File.GetLastWriteTimeUtc(file.Name));
#endif

    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static FileStream Checked(FileStream file, bool isRegular)
    {
        if (isRegular)
            return file;
        file.Dispose();
        throw NotRegular();
    }

    private static IOException NotRegular() => new(Messages.NotRegularFile);

    private const uint DiskFile = 1;

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern uint GetFileType(SafeFileHandle file);

#if NET
    /// <summary>
    /// Checks the type of the file twice: before opening, because opening a device can have effects, and on the open file, because the path
    /// can change in between. Opens without blocking, because a pipe may have no writer.
    /// </summary>
    private static FileStream OpenOnUnix(string path)
    {
        if (FileStatus.Of(path) is { IsRegularFile: false })
            throw NotRegular();
        // O_RDONLY with O_NONBLOCK, O_NOCTTY and O_CLOEXEC.
        int flags = OperatingSystem.IsLinux() ? 0x800 | 0x100 | 0x80000 : 0x4 | 0x20000 | 0x1000000;
        var handle = new SafeFileHandle(OpenFile(Encoding.UTF8.GetBytes(path + "\0"), flags), ownsHandle: true);
        if (handle.IsInvalid)
            throw NotOpened(path, Marshal.GetLastPInvokeError());
        try
        {
            return FileStatus.Of(handle).IsRegularFile ? new FileStream(handle, FileAccess.Read) : throw NotRegular();
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static Exception NotOpened(string path, int error)
    {
        const int NoSuchFile = 2, NotPermitted = 1, Forbidden = 13;
        return error switch
        {
            NoSuchFile => new FileNotFoundException(Messages.FileNotFound(path), path),
            NotPermitted or Forbidden => new UnauthorizedAccessException(Messages.PathDenied(path)),
            _ => new IOException($"{new Win32Exception(error).Message} : '{path}'"),
        };
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFile(byte[] path, int flags);
#endif
}
