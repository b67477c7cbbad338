using System.Reflection;

namespace NanoBanana.Module.Tests.Help;

/// <summary>The folders and files of the sources and the staged module.</summary>
internal static class Paths
{
    public static string Repository { get; } = Path.GetFullPath(Metadata("RepositoryFolder"));

    public static string StagedModule { get; } = Path.GetFullPath(Metadata("StagedModule"));

    public static IEnumerable<string> CommandPages =>
        Directory.GetFiles(Path.Combine(Repository, "docs", "commands"), "*.md").Order(StringComparer.Ordinal);

    public static IEnumerable<string> Topics =>
        Directory.GetFiles(Path.Combine(Repository, "docs", "about"), "*.md").Order(StringComparer.Ordinal);

    private static string Metadata(string key) =>
        typeof(Paths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
