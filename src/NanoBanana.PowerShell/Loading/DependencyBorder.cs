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
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        string path = Path.Combine(folder, "runtimes", Platform(), "native", FileName(unmanagedDllName));
        return File.Exists(path) ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
    }

    private static string Platform()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string FileName(string library)
    {
        if (OperatingSystem.IsWindows())
            return library + ".dll";
        return OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
    }
}
#endif
