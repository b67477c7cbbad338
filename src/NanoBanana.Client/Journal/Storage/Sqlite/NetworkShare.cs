using System.Globalization;
#if NET
using NanoBanana.Client.Files;
#endif

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Notices a journal on a network share. The write-ahead log needs memory that all processes share, which exists on one machine only:
/// https://sqlite.org/wal.html, "All processes using a database must be on the same host computer".
/// </summary>
internal static class NetworkShare
{
    /// <summary>What the kernel calls file systems whose files another machine, or the host of a virtual one, has as well.</summary>
    private static readonly HashSet<string> Remote = new(StringComparer.Ordinal)
    {
        "nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "virtiofs", "vboxsf", "vmhgfs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs",
        "afs", "davfs", "ncpfs", "coda", "ocfs2", "gfs2", "prl_fs",
    };

    /// <summary>The same for file systems in user space, which are named <c>fuse.</c> and these.</summary>
    private static readonly HashSet<string> RemoteInUserSpace = new(StringComparer.Ordinal)
    {
        "sshfs", "rclone", "s3fs", "goofys", "gcsfuse", "blobfuse", "blobfuse2", "davfs2", "glusterfs", "ceph", "ceph-fuse", "curlftpfs", "smbnetfs",
        "mfs", "moosefs", "juicefs", "vmhgfs-fuse", "osxfs", "grpcfuse",
    };

    /// <summary>The warning about a journal.</summary>
    /// <param name="path">The full path of the journal.</param>
    /// <param name="kind">The kind of network share.</param>
    public static string Warning(string path, string kind) =>
        $"The journal '{path}' is on a network share ({kind}). SQLite keeps its write-ahead log consistent on one machine only: "
        + "when two machines use the file at the same time, entries can be lost and requests bought twice. "
        + $"Let one machine alone use it, or name a file on a local disk in $env:{JournalLocation.Variable}.";

    /// <summary>What kind of network share a file is on; null where it is on none, or the system does not tell.</summary>
    /// <param name="path">A full path of a file that exists.</param>
    public static string? KindOf(string path)
    {
        try
        {
#if NET
            if (OperatingSystem.IsLinux())
                return FileStatus.Of(path) is { } status ? KindOf(status.Identity.Device, File.ReadLines("/proc/self/mountinfo")) : null;
#endif
            // On Windows a letter can lead to a share; on macOS the path itself is enough.
            string drive = Path.DirectorySeparatorChar == '\\' ? Path.GetPathRoot(path)! : path;
            return drive.StartsWith(@"\\", StringComparison.Ordinal) || new DriveInfo(drive).DriveType == DriveType.Network ? "the drive is a network drive" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The kind of network share that has a device number; null for a local disk.</summary>
    /// <param name="device">The device of the file, as <c>stat</c> returns it on Linux.</param>
    /// <param name="mounts">The lines of mountinfo, see proc_pid_mountinfo(5): the third field is the device, after the dash the type.</param>
    internal static string? KindOf(long device, IEnumerable<string> mounts)
    {
        // gnu_dev_major and gnu_dev_minor of glibc, which musl has as well.
        long major = ((device >> 8) & 0xFFF) | ((device >> 32) & ~0xFFFL), minor = (device & 0xFF) | ((device >> 12) & ~0xFFL & 0xFFFFFFFF);
        string number = string.Format(CultureInfo.InvariantCulture, "{0}:{1}", major, minor);
        foreach (string line in mounts)
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (fields.Length < 4 || fields[2] != number || dash < 0 || dash + 1 >= fields.Length)
                continue;
            string type = fields[dash + 1];
            bool isRemote = type.StartsWith("fuse.", StringComparison.Ordinal) ? RemoteInUserSpace.Contains(type.Substring(5)) : Remote.Contains(type);
            return isRemote ? type : null;
        }
        return null;
    }
}
