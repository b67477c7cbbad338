#if NET
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace NanoBanana.Loading;

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
