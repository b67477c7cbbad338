#if !NET
using System.Runtime.InteropServices;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Loads the native library of SQLite. Windows PowerShell has no load context that finds native libraries, but a library that is loaded by
/// its full path is then found by its name.
/// </summary>
internal static class NativeSqlite
{
    public static void Load()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            return;
        string platform = "win-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string folder = Path.GetDirectoryName(typeof(NativeSqlite).Assembly.Location)!;
        // If it fails, the first call to SQLite throws.
        LoadLibrary(Path.Combine(folder, "runtimes", platform, "native", "e_sqlite3.dll"));
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, EntryPoint = "LoadLibraryW")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr LoadLibrary(string path);
}
#endif
