using System.Reflection;

namespace NanoBanana.Lab;

/// <summary>Files that the build created or copied.</summary>
internal static class LabFiles
{
    /// <summary>The folder of the staged module.</summary>
    public static string StagedModule { get; } = Built("StagedModule");

    /// <summary>The executable of tools/Pwsh.</summary>
    public static string Pwsh { get; } = Built("Pwsh");

    /// <summary>A file or folder beside the sources of the benchmarks.</summary>
    public static string BenchAsset(params string[] path) => Asset(["Bench", .. path]);

    /// <summary>A file or folder beside the sources of the Lab.</summary>
    public static string Asset(params string[] path) => Path.Combine([AppContext.BaseDirectory, .. path]);

    private static string Built(string key) => Path.GetFullPath(
        typeof(LabFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!);
}
