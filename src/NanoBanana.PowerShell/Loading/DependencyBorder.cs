using System.Reflection;

namespace NanoBanana.Loading;

/// <summary>
/// Keeps the client and its third-party assemblies away from those of other modules. Only the client is ever asked for
/// from this side of the border; what the client needs it finds behind it.
/// </summary>
internal static class DependencyBorder
{
    private static readonly string Home = Path.GetDirectoryName(typeof(DependencyBorder).Assembly.Location)!;
    private static readonly string Dependencies = Path.Combine(Home, "Dependencies");

#if NET
    private static readonly DependencyContext Context = new(Dependencies);

    public static void Open() => System.Runtime.Loader.AssemblyLoadContext.Default.Resolving += Resolve;

    public static void Close() => System.Runtime.Loader.AssemblyLoadContext.Default.Resolving -= Resolve;

    private static Assembly? Resolve(System.Runtime.Loader.AssemblyLoadContext context, AssemblyName name) => name.Name switch
    {
        "NanoBanana.Client" => Context.LoadFromAssemblyName(name),
        "NanoBanana.Emulator" or "NanoBanana.Models" => context.LoadFromAssemblyPath(Path.Combine(Home, name.Name + ".dll")),
        _ => null,
    };
#else
    public static void Open() => AppDomain.CurrentDomain.AssemblyResolve += Resolve;

    public static void Close() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    // Windows PowerShell has no load contexts: answer for our own folder and our own requests only.
    private static Assembly? Resolve(object? sender, ResolveEventArgs args)
    {
        string file = new AssemblyName(args.Name).Name + ".dll";
        bool ours = args.RequestingAssembly is { IsDynamic: false } asking
            && asking.Location.StartsWith(Home, StringComparison.OrdinalIgnoreCase);
        if (!ours)
            return null;
        string path = new[] { Path.Combine(Home, file), Path.Combine(Dependencies, file) }.FirstOrDefault(File.Exists);
        return path is null ? null : Assembly.LoadFrom(path);
    }
#endif
}
