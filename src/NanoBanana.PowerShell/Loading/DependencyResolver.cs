using System.Reflection;
#if NET
using System.Runtime.InteropServices;
using System.Runtime.Loader;
#endif

namespace NanoBanana.Loading;

/// <summary>
/// Separates the client and its third-party assemblies from the assemblies of other modules. The default load context requests only the
/// client. The client's dependencies load in its own context.
/// </summary>
internal static class DependencyResolver
{
    private static readonly string ModuleFolder = Path.GetDirectoryName(typeof(DependencyResolver).Assembly.Location)!;

#if NET
    /// <summary>
    /// Starts resolving the client, and loads the models, so that [NanoBanana.ImageTask] is a type before the first command.
    /// </summary>
    public static void Register()
    {
        // The module can be imported again before its earlier work has ended. The handler must be added only once.
        Unregister();
        AssemblyLoadContext.Default.Resolving += Resolve;
        AssemblyLoadContext.Default.LoadFromAssemblyPath(ModuleFolder + "/NanoBanana.Models.dll");
    }

    public static void Unregister() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => name.Name switch
    {
        "NanoBanana.Client" => Client.Context.LoadFromAssemblyName(name),
        "NanoBanana.Emulator" => context.LoadFromAssemblyPath(Path.Combine(ModuleFolder, name.Name + ".dll")),
        _ => null,
    };

    // A separate class, so that the context is created with the first request of the client, not with the import.
    private static class Client
    {
        public static readonly DependencyContext Context = new(Path.Combine(ModuleFolder, "Dependencies"));
    }
#else
    /// <summary>Starts resolving dependencies, and loads the models.</summary>
    public static void Register()
    {
        Unregister();
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
        Assembly.LoadFrom(Path.Combine(ModuleFolder, "NanoBanana.Models.dll"));
    }

    public static void Unregister() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    // Windows PowerShell has no load contexts. Only requests of the module's own assemblies are resolved, from its own folder.
    private static Assembly? Resolve(object? sender, ResolveEventArgs args)
    {
        string file = new AssemblyName(args.Name).Name + ".dll";
        bool isOwnRequest = args.RequestingAssembly is { IsDynamic: false } requesting
            && requesting.Location.StartsWith(ModuleFolder, StringComparison.OrdinalIgnoreCase);
        if (!isOwnRequest)
            return null;
        string path = new[] { ModuleFolder, Path.Combine(ModuleFolder, "Dependencies") }
            .Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        return path is null ? null : Assembly.LoadFrom(path);
    }
#endif
}

#if NET
/// <summary>
/// The load context of the client, its third-party assemblies and their native libraries. Assemblies that are not in its folder (the
/// models, .NET itself) come from the default context.
/// </summary>
internal sealed class DependencyContext(string folder) : AssemblyLoadContext("NanoBanana")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // A release has copies with native code for common platforms, so that the first command of a session compiles less
        // (docs/decisions/0033). A runtime that can't use this code uses the IL in the copy.
        IEnumerable<string> copies = PlatformsOfProcess.Select(platform => Path.Combine(folder, "runtimes", platform, "lib"));
        string? path = copies.Append(folder)
            .Select(directory => Path.Combine(directory, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (string platform in PlatformsOfProcess)
        {
            // Loading fails for a library that needs another C library than this system has.
            string path = Path.Combine(folder, "runtimes", platform, "native", FileName(unmanagedDllName));
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out IntPtr library))
                return library;
        }
        return IntPtr.Zero;
    }

    /// <summary>The folders below <c>runtimes</c> to try in this process, the most probable one first.</summary>
    internal static IEnumerable<string> PlatformsOfProcess { get; } = Platforms(
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux",
        RuntimeInformation.ProcessArchitecture,
        RuntimeInformation.RuntimeIdentifier);

    /// <summary>The folders below <c>runtimes</c> to try, the most probable one first.</summary>
    /// <param name="system">The operating system in NuGet's notation.</param>
    /// <param name="architecture">The architecture of the process.</param>
    /// <param name="runtime">
    /// The platform of .NET: <c>linux-musl-x64</c> from Microsoft, <c>alpine.3.20-x64</c> from the distribution.
    /// </param>
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
