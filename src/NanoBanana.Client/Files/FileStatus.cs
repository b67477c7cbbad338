#if NET
using System.Runtime.InteropServices;
using System.Text;

namespace NanoBanana.Client.Files;

/// <summary>What a Unix system records of a file: its type, its permissions, its owner, its group, and which file it is.</summary>
/// <remarks>
/// .NET offers the permissions alone. Its own native library returns the rest, in one form for all platforms: flags, mode,
/// owner and group come first, device and number later. The layout of <c>struct stat</c> differs from platform to platform.
/// </remarks>
internal readonly record struct FileStatus(int Mode, uint Owner, uint Group, (long Device, long Number) Identity = default)
{
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int SymbolicLink = 0xA000;
    private const int GroupWrite = 0x10;
    private const int OthersWrite = 0x2;

    /// <summary>More than the native structure has, so that one that has grown fits too.</summary>
    private const int StructureSize = 512;

    /// <summary>The user that this process acts as.</summary>
    public static uint CurrentUser => EffectiveUser();

    public bool IsRegularFile => (Mode & TypeMask) == RegularFile;

    public bool IsSymbolicLink => (Mode & TypeMask) == SymbolicLink;

    public bool IsWritableByGroup => (Mode & GroupWrite) != 0;

    /// <summary>Whether everybody can write it, or put files into it; also where only the owner of a file can remove it.</summary>
    public bool IsWritableByOthers => (Mode & OthersWrite) != 0;

    /// <summary>What a path leads to; null where there is nothing.</summary>
    public static FileStatus? Of(string path) => Read(buffer => Stat(Terminated(path), buffer));

    /// <summary>The path itself, which may be a link; null where there is nothing.</summary>
    public static FileStatus? OfLink(string path) => Read(buffer => LinkStat(Terminated(path), buffer));

    /// <summary>An opened file.</summary>
    public static FileStatus Of(SafeHandle file) =>
        Read(buffer => HandleStat(file, buffer)) ?? throw new IOException("The system does not say what kind of file it is.");

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
