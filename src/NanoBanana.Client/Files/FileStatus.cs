#if NET
using System.Runtime.InteropServices;
using System.Text;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>The status of a file on Unix: type, permissions, owner, group and identity.</summary>
/// <remarks>
/// .NET has an API for the permissions only. Its native library returns the rest in one form for all platforms: flags, mode, owner and
/// group first, device and number later. The layout of <c>struct stat</c> differs between platforms.
/// </remarks>
internal readonly record struct FileStatus(int Mode, uint Owner, uint Group, (long Device, long Number) Identity = default)
{
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int SymbolicLink = 0xA000;
    private const int GroupWrite = 0x10;
    private const int OthersWrite = 0x2;

    /// <summary>Larger than the native structure, so a larger version also fits.</summary>
    private const int StructureSize = 512;

    /// <summary>The effective user of this process.</summary>
    public static uint CurrentUser => EffectiveUser();

    public bool IsRegularFile => (Mode & TypeMask) == RegularFile;

    public bool IsSymbolicLink => (Mode & TypeMask) == SymbolicLink;

    public bool IsWritableByGroup => (Mode & GroupWrite) != 0;

    /// <summary>
    /// Whether all users can write the file, or create files in the folder, even if only the owner of a file can remove it.
    /// </summary>
    public bool IsWritableByOthers => (Mode & OthersWrite) != 0;

    /// <summary>The status of the target of a path; null if it does not exist.</summary>
    public static FileStatus? Of(string path) => Read(buffer => Stat(Terminated(path), buffer));

    /// <summary>The status of the path, without following a link; null if it does not exist.</summary>
    public static FileStatus? OfLink(string path) => Read(buffer => LinkStat(Terminated(path), buffer));

    /// <summary>The status of an open file.</summary>
    public static FileStatus Of(SafeHandle file) =>
        Read(buffer => HandleStat(file, buffer)) ?? throw new IOException(Messages.FileTypeUnknown);

    private static FileStatus? Read(Func<byte[], int> stat)
    {
        byte[] buffer = new byte[StructureSize];
        return stat(buffer) != 0
            ? null
            : new FileStatus(BitConverter.ToInt32(buffer, 4), BitConverter.ToUInt32(buffer, 8), BitConverter.ToUInt32(buffer, 12),
                (BitConverter.ToInt64(buffer, 88), BitConverter.ToInt64(buffer, 104)));
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + "\0");

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    private static extern int Stat(byte[] path, byte[] status);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_LStat")]
    private static extern int LinkStat(byte[] path, byte[] status);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_FStat")]
    private static extern int HandleStat(SafeHandle file, byte[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();
}
#endif
