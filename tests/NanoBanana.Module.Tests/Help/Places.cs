using System.Reflection;

namespace NanoBanana.Module.Tests.Help;

/// <summary>Where the sources and the staged module are.</summary>
internal static class Places
{
    public static string Repository { get; } = Path.GetFullPath(Metadata("RepositoryFolder"));

    public static string StagedModule { get; } = Path.GetFullPath(Metadata("StagedModule"));

    public static IEnumerable<string> CommandPages => Directory.GetFiles(Path.Combine(Repository, "docs", "commands"), "*.md").Order(StringComparer.Ordinal);

    public static IEnumerable<string> Topics => Directory.GetFiles(Path.Combine(Repository, "docs", "about"), "*.md").Order(StringComparer.Ordinal);

    private static string Metadata(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
