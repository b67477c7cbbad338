using System.Globalization;
#if NET
using NanoBanana.Client.Files;
#endif
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Detects a journal on a network share. The write-ahead log needs memory that all processes share, so all processes must be on one
/// machine. See https://sqlite.org/wal.html, "All processes using a database must be on the same host computer".
/// </summary>
internal static class NetworkShare
{
    /// <summary>The kernel's names of file systems that are shared with other machines, or with the host of a virtual machine.</summary>
    private static readonly HashSet<string> Remote = new(StringComparer.Ordinal)
    {
        "nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "virtiofs", "vboxsf", "vmhgfs", "ceph", "glusterfs", "lustre", "gpfs",
        "beegfs", "afs", "davfs", "ncpfs", "coda", "ocfs2", "gfs2", "prl_fs",
    };

    /// <summary>The names of shared file systems in user space, which follow <c>fuse.</c> in their type.</summary>
    private static readonly HashSet<string> RemoteInUserSpace = new(StringComparer.Ordinal)
    {
        "sshfs", "rclone", "s3fs", "goofys", "gcsfuse", "blobfuse", "blobfuse2", "davfs2", "glusterfs", "ceph", "ceph-fuse", "curlftpfs",
        "smbnetfs", "mfs", "moosefs", "juicefs", "vmhgfs-fuse", "osxfs", "grpcfuse",
    };

    /// <summary>The kind of network share that a file is on; null for a local disk, or if the system does not report it.</summary>
    /// <param name="path">The full path of a file that exists.</param>
    public static string? KindOf(string path)
    {
        try
        {
#if NET
            if (OperatingSystem.IsLinux())
                return FileStatus.Of(path) is { } status ? KindOf(status.Identity.Device, File.ReadLines("/proc/self/mountinfo")) : null;
#endif
            // On Windows, a drive letter can be a network share. On macOS, the path is enough.
            string drive = Path.DirectorySeparatorChar == '\\' ? Path.GetPathRoot(path)! : path;
            return drive.StartsWith(@"\\", StringComparison.Ordinal) || new DriveInfo(drive).DriveType == DriveType.Network
                ? Messages.NetworkDrive
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The kind of the network share with a device number; null for a local disk.</summary>
    /// <param name="device">The device of the file, as <c>stat</c> returns it on Linux.</param>
    /// <param name="mounts">
    /// The lines of mountinfo: the third field is the device, and the type follows the dash. See proc_pid_mountinfo(5).
    /// </param>
    internal static string? KindOf(long device, IEnumerable<string> mounts)
    {
        // gnu_dev_major and gnu_dev_minor of glibc. musl computes the same.
        long major = ((device >> 8) & 0xFFF) | ((device >> 32) & ~0xFFFL), minor = (device & 0xFF) | ((device >> 12) & ~0xFFL & 0xFFFFFFFF);
        string number = string.Format(CultureInfo.InvariantCulture, "{0}:{1}", major, minor);
        foreach (string line in mounts)
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (fields.Length < 4 || fields[2] != number || dash < 0 || dash + 1 >= fields.Length)
                continue;
            string type = fields[dash + 1];
            bool isRemote = type.StartsWith("fuse.", StringComparison.Ordinal)
                ? RemoteInUserSpace.Contains(type.Substring(5))
                : Remote.Contains(type);
            return isRemote ? type : null;
        }
        return null;
    }
}
