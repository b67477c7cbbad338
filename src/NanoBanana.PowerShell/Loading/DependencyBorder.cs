using System.Reflection;
#if NET
using System.Runtime.InteropServices;
using System.Runtime.Loader;
#endif

namespace NanoBanana.Loading;

/// <summary>
/// Keeps the client and its third-party assemblies away from those of other modules. Only the client is ever asked for
/// from this side of the border; what the client needs it finds behind it.
/// </summary>
internal static class DependencyBorder
{
    private static readonly string Home = Path.GetDirectoryName(typeof(DependencyBorder).Assembly.Location)!;

#if NET
    /// <summary>Stands by for the client, and loads what users see, so that [NanoBanana.ImageTask] is a type before the first command runs.</summary>
    public static void Open()
    {
        // Once, also when the module came back before the last work of its former life had ended.
        Close();
        AssemblyLoadContext.Default.Resolving += Resolve;
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Home + "/NanoBanana.Models.dll");
    }

    public static void Close() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => name.Name switch
    {
        "NanoBanana.Client" => Behind.Context.LoadFromAssemblyName(name),
        "NanoBanana.Emulator" => context.LoadFromAssemblyPath(Path.Combine(Home, name.Name + ".dll")),
        _ => null,
    };

    // A class of its own: made when the client is asked for, not with the import.
    private static class Behind
    {
        public static readonly DependencyContext Context = new(Path.Combine(Home, "Dependencies"));
    }
#else
    /// <summary>As above.</summary>
    public static void Open()
    {
        Close();
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
        Assembly.LoadFrom(Path.Combine(Home, "NanoBanana.Models.dll"));
    }

    public static void Close() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    // Windows PowerShell has no load contexts: answer for our own folder and our own requests only.
    private static Assembly? Resolve(object? sender, ResolveEventArgs args)
    {
        string file = new AssemblyName(args.Name).Name + ".dll";
        bool ours = args.RequestingAssembly is { IsDynamic: false } asking
            && asking.Location.StartsWith(Home, StringComparison.OrdinalIgnoreCase);
        if (!ours)
            return null;
        string path = new[] { Path.Combine(Home, file), Path.Combine(Home, "Dependencies", file) }.FirstOrDefault(File.Exists);
        return path is null ? null : Assembly.LoadFrom(path);
    }
#endif
}

#if NET
/// <summary>
/// Where the client and its third-party assemblies live, their native libraries too. What is not in its folder (the
/// models, .NET itself) comes from the default context.
/// </summary>
internal sealed class DependencyContext(string folder) : AssemblyLoadContext("NanoBanana")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // A release has copies with native code of the usual platforms, so that less is compiled in the first command of a session
        // (docs/decisions/0009). A runtime that can't use the code of a copy uses its IL.
        IEnumerable<string> copies = OfProcess.Select(platform => Path.Combine(folder, "runtimes", platform, "lib"));
        string? path = copies.Append(folder).Select(home => Path.Combine(home, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (string platform in OfProcess)
        {
            // One for another C library is not loaded: the library that it names is not there.
            string path = Path.Combine(folder, "runtimes", platform, "native", FileName(unmanagedDllName));
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out IntPtr library))
                return library;
        }
        return IntPtr.Zero;
    }

    /// <summary>The folders below <c>runtimes</c> to try in this process, the most likely one first.</summary>
    internal static IEnumerable<string> OfProcess { get; } = Platforms(
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux",
        RuntimeInformation.ProcessArchitecture,
        RuntimeInformation.RuntimeIdentifier);

    /// <summary>The folders below <c>runtimes</c> to try, the most likely one first.</summary>
    /// <param name="system">As NuGet names it.</param>
    /// <param name="architecture">Of the process.</param>
    /// <param name="runtime">What .NET was built for: <c>linux-musl-x64</c> by Microsoft, <c>alpine.3.20-x64</c> by the distribution.</param>
    internal static IEnumerable<string> Platforms(string system, Architecture architecture, string runtime)
    {
        string suffix = architecture.ToString().ToLowerInvariant();
        if (system != "linux")
            return [$"{system}-{suffix}"];
        string glibc = $"linux-{suffix}", musl = $"linux-musl-{suffix}";
        bool isMusl = runtime.Contains("musl", StringComparison.Ordinal) || runtime.StartsWith("alpine", StringComparison.Ordinal);
        return isMusl ? [musl, glibc] : [glibc, musl];
    }

    private static string FileName(string library)
    {
        if (OperatingSystem.IsWindows())
            return library + ".dll";
        return OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
    }
}
#endif
