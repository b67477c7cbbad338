#if !NET
using System.Runtime.InteropServices;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Windows PowerShell has no load context that finds native libraries. One that is loaded by its full path is found by
/// its name from then on.
/// </summary>
internal static class NativeSqlite
{
    public static void Load()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            return;
        string platform = "win-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string folder = Path.GetDirectoryName(typeof(NativeSqlite).Assembly.Location)!;
        // A failure shows itself in the first call to SQLite, with a message of its own.
        LoadLibrary(Path.Combine(folder, "runtimes", platform, "native", "e_sqlite3.dll"));
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, EntryPoint = "LoadLibraryW")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr LoadLibrary(string path);
}
#endif
