using System.Reflection;

namespace NanoBanana.Module.Tests.Hosting;

/// <summary>The files that the build has staged and that the tests load.</summary>
internal static class StagedModule
{
    /// <summary>The folder of the module, for <c>Import-Module</c>.</summary>
    public static string Folder { get; } = Path.GetFullPath(Metadata("StagedModule")).TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>The folder of its assemblies for this edition of PowerShell.</summary>
    public static string Lib { get; } = Path.Combine(Folder, "lib", "Core");

    /// <summary>A Microsoft.Data.Sqlite.dll that is older than the module's own.</summary>
    public static string OlderSqlite { get; } = Metadata("OlderSqlite");

    /// <summary>The folder of Microsoft's reference assemblies of .NET Framework 4.7.2.</summary>
    public static string FrameworkReference => Metadata("FrameworkReference");

    private static string Metadata(string key) =>
        typeof(StagedModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
