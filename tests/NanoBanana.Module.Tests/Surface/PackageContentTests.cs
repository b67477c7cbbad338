using System.Text.Json;
using NanoBanana.Module.Tests.Help;

namespace NanoBanana.Module.Tests.Surface;

/// <summary>The content of the package, which is made from the staged folder file by file (packaging/Test-Package.ps1).</summary>
public sealed class PackageContentTests
{
    private static IEnumerable<string> Staged => Directory.GetFiles(Paths.StagedModule, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Paths.StagedModule, path).Replace('\\', '/'));

    [Fact]
    public void Module_has_exactly_the_listed_files()
    {
        string[] listed = [.. File.ReadAllLines(InRepository("packaging", "files.txt")).Where(line => line.Length > 0 && line[0] != '#')];
        IEnumerable<string> help = Paths.Topics.Select(page => $"en-US/{Path.GetFileNameWithoutExtension(page)}.help.txt");
        // Native code: a Debug build has no such files, and a Release build only those of one platform.
        IEnumerable<string> absent = listed.Except(Staged).Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "lib");
        // Before you ship a new file, check that it is meant to be shipped and its license. Then add it to packaging/files.txt.
        Assert.Equal(listed.Except(absent).Concat(help).Order(StringComparer.Ordinal), Staged.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Notices_list_each_third_party_file_and_no_other()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Paths.StagedModule, "THIRD-PARTY-NOTICES.txt"));
        IEnumerable<string> thirdParty = Staged.Where(file => file.StartsWith("lib/", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)).Where(name => !name.StartsWith("NanoBanana", StringComparison.Ordinal)).Distinct();
        Assert.Equal(thirdParty.Order(StringComparer.Ordinal), Values(lines, "File: ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Notices_list_each_package_with_shipped_files()
    {
        string[] named = [.. Values(File.ReadAllLines(Path.Combine(Paths.StagedModule, "THIRD-PARTY-NOTICES.txt")), "Package: ")];
        HashSet<string> shipped = [.. Staged.Select(file => Path.GetFileName(file))];
        using JsonDocument assets = AssetsOf("NanoBanana.PowerShell");
        IEnumerable<string> packages = assets.RootElement.GetProperty("targets").EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Where(library => library.Value.GetProperty("type").GetString() == "package"
                    && Files(library.Value).Any(file => shipped.Contains(Path.GetFileName(file))))
            .Select(library => library.Name.Split('/')[0]).Distinct();
        Assert.Equal(packages.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("NanoBanana.Models")]
    [InlineData("NanoBanana.Client")]
    [InlineData("NanoBanana.PowerShell")]
    [InlineData("NanoBanana.Emulator")]
    public void Package_with_a_known_vulnerability_fails_the_restore(string project)
    {
        using JsonDocument assets = AssetsOf(project);
        JsonElement restore = assets.RootElement.GetProperty("project").GetProperty("restore");
        JsonElement audit = restore.GetProperty("restoreAuditProperties");
        Assert.Equal(
            ("true", "low", "all"),
            (audit.GetProperty("enableAudit").GetString(), audit.GetProperty("auditLevel").GetString(),
                audit.GetProperty("auditMode").GetString()));
        JsonElement warnings = restore.GetProperty("warningProperties");
        Assert.True(warnings.GetProperty("allWarningsAsErrors").GetBoolean());
        // The file contains this property only if it is set, for a project or for one of its frameworks.
        Assert.DoesNotMatch("\"(noWarn|warnNotAsError)\":[^]]*\"NU190[1-4]\"", warnings.GetRawText());
    }

    [Fact]
    public void Every_project_has_a_lock_file()
    {
        string[] projects = [.. new[] { "src", "tests", "tools", "examples" }
            .SelectMany(folder => Directory.GetFiles(InRepository(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetDirectoryName(file)!)];
        Assert.NotEmpty(projects);
        Assert.All(projects, folder =>
        {
            Assert.True(File.Exists(Path.Combine(folder, "packages.lock.json")), $"{folder} has no packages.lock.json.");
            using JsonDocument assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "obj", "project.assets.json")));
            JsonElement locking = assets.RootElement.GetProperty("project").GetProperty("restore").GetProperty("restoreLockProperties");
            Assert.Equal("true", locking.GetProperty("restorePackagesWithLockFile").GetString());
        });
    }

    private static IEnumerable<string> Values(IEnumerable<string> lines, string label) =>
        lines.Where(line => line.StartsWith(label, StringComparison.Ordinal)).Select(line => line[label.Length..]);

    private static IEnumerable<string> Files(JsonElement library) =>
        new[] { "runtime", "runtimeTargets" }.SelectMany(kind =>
            library.TryGetProperty(kind, out JsonElement files) ? files.EnumerateObject().Select(file => file.Name) : []);

    private static JsonDocument AssetsOf(string project) =>
        JsonDocument.Parse(File.ReadAllText(InRepository("src", project, "obj", "project.assets.json")));

    private static string InRepository(params string[] parts) => Path.Combine([Paths.Repository, .. parts]);
}
