using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>
/// SQLite's own count of what the module asks of it, in this process. The native library is the module's, which loads the same file
/// later; every connection that it opens is traced. See https://sqlite.org/c3ref/trace_v2.html.
/// </summary>
internal static class SqliteTrace
{
    private const uint TraceStatements = 1;

    private static readonly ConcurrentDictionary<string, int> Counts = new(StringComparer.Ordinal);

    // Fields: SQLite calls these as long as the process lives.
    private static readonly Opened OnOpen = Watch;
    private static readonly Traced OnTrace = Count;
    private static readonly Committed OnCommit = CountCommit;

    private static TraceFunction? _trace;
    private static CommitHookFunction? _commitHook;
    private static int _commits;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Opened(IntPtr database, IntPtr error, IntPtr api);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Traced(uint kind, IntPtr context, IntPtr statement, IntPtr sql);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Committed(IntPtr context);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int AutoExtensionFunction(IntPtr entry);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TraceFunction(IntPtr database, uint mask, Traced callback, IntPtr context);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr CommitHookFunction(IntPtr database, Committed callback, IntPtr context);

    /// <summary>The staged module's native SQLite for this machine.</summary>
    public static string Library => Path.Combine(
        LabFiles.StagedModule, "lib", "Core", "Dependencies", "runtimes", RuntimeInformation.RuntimeIdentifier, "native",
        OperatingSystem.IsWindows() ? "e_sqlite3.dll" : OperatingSystem.IsMacOS() ? "libe_sqlite3.dylib" : "libe_sqlite3.so");

    /// <summary>Has every connection that is opened from now on counted.</summary>
    public static void Install()
    {
        IntPtr library = NativeLibrary.Load(Library);
        _trace = Find<TraceFunction>("sqlite3_trace_v2");
        _commitHook = Find<CommitHookFunction>("sqlite3_commit_hook");
        Find<AutoExtensionFunction>("sqlite3_auto_extension")(Marshal.GetFunctionPointerForDelegate(OnOpen));

        T Find<T>(string name) => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
    }

    /// <summary>What was counted since the last call: the text of each statement and how often it ran.</summary>
    public static Sample Take()
    {
        KeyValuePair<string, int>[] counts = [.. Counts];
        Counts.Clear();
        return new Sample
        {
            Commits = Interlocked.Exchange(ref _commits, 0),
            Statements = counts.Sum(count => count.Value),
            Lines = [.. counts.OrderByDescending(count => count.Value).Select(count => $"{count.Value}\t{count.Key}")],
        };
    }

    private static int Watch(IntPtr database, IntPtr error, IntPtr api)
    {
        _commitHook!(database, OnCommit, IntPtr.Zero);
        return _trace!(database, TraceStatements, OnTrace, IntPtr.Zero);
    }

    private static int Count(uint kind, IntPtr context, IntPtr statement, IntPtr sql)
    {
        string text = Marshal.PtrToStringUTF8(sql)!;
        // A statement of a trigger comes as a comment; it is part of the one that fired it.
        if (!text.StartsWith("--", StringComparison.Ordinal))
            Counts.AddOrUpdate(text, 1, (_, count) => count + 1);
        return 0;
    }

    private static int CountCommit(IntPtr context)
    {
        Interlocked.Increment(ref _commits);
        return 0;
    }
}
