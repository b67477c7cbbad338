using System.Text.Json;
using NanoBanana.Module.Tests.Help;

namespace NanoBanana.Module.Tests.Surface;

/// <summary>What is shipped: the package is made of the staged folder, file by file (packaging/Test-Package.ps1).</summary>
public sealed class PackageContentTests
{
    private static IEnumerable<string> Staged => Directory.GetFiles(Places.StagedModule, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Places.StagedModule, path).Replace('\\', '/'));

    [Fact]
    public void The_module_has_exactly_the_files_that_are_listed()
    {
        string[] listed = [.. File.ReadAllLines(InRepository("packaging", "files.txt")).Where(line => line.Length > 0 && line[0] != '#')];
        IEnumerable<string> help = Places.Topics.Select(page => $"en-US/{Path.GetFileNameWithoutExtension(page)}.help.txt");
        // Native code, of which a Debug build has none and a Release build that of one platform.
        IEnumerable<string> absent = listed.Except(Staged).Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "lib");
        // A file that is new: is it meant to be shipped, and under which license? Then it gets a line in packaging/files.txt.
        Assert.Equal(listed.Except(absent).Concat(help).Order(StringComparer.Ordinal), Staged.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_notices_name_each_file_of_others_and_no_other()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Places.StagedModule, "THIRD-PARTY-NOTICES.txt"));
        IEnumerable<string> ofOthers = Staged.Where(file => file.StartsWith("lib/", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)).Where(name => !name.StartsWith("NanoBanana", StringComparison.Ordinal)).Distinct();
        Assert.Equal(ofOthers.Order(StringComparer.Ordinal), Values(lines, "File: ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_notices_name_each_package_whose_files_are_shipped()
    {
        string[] named = [.. Values(File.ReadAllLines(Path.Combine(Places.StagedModule, "THIRD-PARTY-NOTICES.txt")), "Package: ")];
        HashSet<string> shipped = [.. Staged.Select(file => Path.GetFileName(file))];
        using JsonDocument assets = AssetsOf("NanoBanana.PowerShell");
        IEnumerable<string> packages = assets.RootElement.GetProperty("targets").EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Where(library => Files(library.Value).Any(file => shipped.Contains(Path.GetFileName(file))) && library.Value.GetProperty("type").GetString() == "package")
            .Select(library => library.Name.Split('/')[0]).Distinct();
        Assert.Equal(packages.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("NanoBanana.Models")]
    [InlineData("NanoBanana.Client")]
    [InlineData("NanoBanana.PowerShell")]
    [InlineData("NanoBanana.Emulator")]
    public void Packages_with_a_known_vulnerability_end_the_restore(string project)
    {
        using JsonDocument assets = AssetsOf(project);
        JsonElement restore = assets.RootElement.GetProperty("project").GetProperty("restore");
        JsonElement audit = restore.GetProperty("restoreAuditProperties");
        Assert.Equal(("true", "low", "all"), (audit.GetProperty("enableAudit").GetString(), audit.GetProperty("auditLevel").GetString(), audit.GetProperty("auditMode").GetString()));
        JsonElement warnings = restore.GetProperty("warningProperties");
        Assert.True(warnings.GetProperty("allWarningsAsErrors").GetBoolean());
        // Written only where there is one: in a project, and for a framework of it.
        Assert.DoesNotMatch("\"(noWarn|warnNotAsError)\":[^]]*\"NU190[1-4]\"", warnings.GetRawText());
    }

    [Fact]
    public void Every_project_has_its_packages_locked()
    {
        string[] projects = [.. new[] { "src", "tests", "tools", "examples" }
            .SelectMany(folder => Directory.GetFiles(InRepository(folder), "*.csproj", SearchOption.AllDirectories)).Select(file => Path.GetDirectoryName(file)!)];
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
        new[] { "runtime", "runtimeTargets" }.SelectMany(kind => library.TryGetProperty(kind, out JsonElement files) ? files.EnumerateObject().Select(file => file.Name) : []);

    private static JsonDocument AssetsOf(string project) => JsonDocument.Parse(File.ReadAllText(InRepository("src", project, "obj", "project.assets.json")));

    private static string InRepository(params string[] parts) => Path.Combine([Places.Repository, .. parts]);
}
