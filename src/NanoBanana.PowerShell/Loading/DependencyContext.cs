#if NET
using System.Reflection;
using System.Runtime.Loader;

namespace NanoBanana.Loading;

/// <summary>
/// Where the client and its third-party assemblies live. What is not in its folder (the models, .NET itself) comes from
/// the default context.
/// </summary>
internal sealed class DependencyContext(string folder) : AssemblyLoadContext("NanoBanana")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
#endif
