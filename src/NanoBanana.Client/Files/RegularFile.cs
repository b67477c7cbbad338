using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
#if NET
using System.ComponentModel;
using System.Text;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Reads files that somebody else may have made. A file is opened once and must be a regular file: no pipe, which can wait
/// for ever; no device, which can have no end. A link counts as what it leads to. Never more is read than is asked for,
/// whatever length the system reports.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file to read it from its start.</summary>
    /// <exception cref="IOException">It is not there, can't be opened, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
            return OpenOnUnix(path);
#endif
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Checked(file, !IsWindows || GetFileType(file.SafeFileHandle) == DiskFile);
    }

    /// <summary>All of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <returns>Null when it has more.</returns>
    /// <exception cref="IOException">It is not there, can't be opened or read, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[]? ReadAll(string path, int limit)
    {
        using FileStream file = Open(path);
        return ReadAll(file, limit);
    }

    /// <inheritdoc cref="ReadAll(string, int)"/>
    public static byte[]? ReadAll(FileStream file, int limit)
    {
        // Only a first guess: files of /proc report 0, and a file can grow.
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

    /// <summary>The length and the time of the last write, by which an opened file that has changed is known.</summary>
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

    private static IOException NotRegular() => new("It is not a regular file, but a folder, a pipe or a device.");

    private const uint DiskFile = 1;

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern uint GetFileType(SafeFileHandle file);

#if NET
    /// <summary>
    /// Looked at twice. Before it is opened, because opening some devices has effects. On the opened file, which is the one
    /// that is read: between the two a path can come to lead elsewhere. Without waiting: a pipe has no writer, perhaps for ever.
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
            NoSuchFile => new FileNotFoundException($"Could not find file '{path}'.", path),
            NotPermitted or Forbidden => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            _ => new IOException($"{new Win32Exception(error).Message} : '{path}'"),
        };
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFile(byte[] path, int flags);
#endif
}
