using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>
/// Counts the statements and commits of the module's SQLite in this process. It loads the module's native library before the module
/// does, and traces every connection. See https://sqlite.org/c3ref/trace_v2.html.
/// </summary>
internal static class SqliteTrace
{
    private const uint TraceStatements = 1;

    private static readonly ConcurrentDictionary<string, int> Counts = new(StringComparer.Ordinal);

    // These are fields, because SQLite calls them until the process ends.
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

    /// <summary>Counts on every connection that is opened from now on.</summary>
    public static void Install()
    {
        IntPtr library = NativeLibrary.Load(Library);
        _trace = Find<TraceFunction>("sqlite3_trace_v2");
        _commitHook = Find<CommitHookFunction>("sqlite3_commit_hook");
        Find<AutoExtensionFunction>("sqlite3_auto_extension")(Marshal.GetFunctionPointerForDelegate(OnOpen));

        T Find<T>(string name) => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
    }

    /// <summary>The counts since the last call, with the text of each statement.</summary>
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
        // SQLite reports a statement of a trigger as a comment. It is part of the statement that fired the trigger.
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
