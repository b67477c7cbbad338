namespace NanoBanana.Module.Tests.Surface;

/// <summary>
/// The names that users can write in their scripts, in a file for review when it changes: commands, parameter sets,
/// parameters with their types and how they bind, aliases, output types, and the members of the objects.
/// </summary>
public sealed class PublicSurfaceTests : ModuleTest
{
    private const string Describe = """
        function Describe-Set($set) {
            "  set $($set.Name)$(if ($set.IsDefault) { ' (default)' })"
            foreach ($p in $set.Parameters | ForEach-Object { $_ }) {
                if ([System.Management.Automation.Cmdlet]::CommonParameters.Contains($p.Name)) { continue }
                $how = @(
                    if ($p.IsMandatory) { 'mandatory' }
                    if ($p.Position -ge 0) { "position $($p.Position)" }
                    if ($p.ValueFromPipeline) { 'pipeline' }
                    if ($p.ValueFromPipelineByPropertyName) { 'by name' }
                )
                $names = @($p.Name) + @($p.Aliases)
                "    -$($names -join ' -') <$($p.ParameterType.Name)>$(if ($how) { ": $($how -join ', ')" })"
            }
        }
        foreach ($name in (Get-Module NanoBanana).ExportedCommands.Keys) {
            $command = Get-Command $name
            "$name -> $($command.OutputType.Name -join ', ')"
            foreach ($set in $command.ParameterSets) { Describe-Set $set }
        }
        foreach ($type in [NanoBanana.ImageTask].Assembly.GetExportedTypes()) {
            "$($type.FullName)$(if ($type.IsEnum) { ': ' + ([enum]::GetNames($type) -join ', ') })"
            if (-not $type.IsEnum) {
                foreach ($property in $type.GetProperties()) { "    $($property.Name) <$($property.PropertyType.Name)>" }
            }
        }
        """;

    [Fact]
    public void Public_surface_matches_the_reviewed_file()
    {
        string[] actual = [.. Shell.Run(Describe).Output.Select(line => line.ToString()!)];
        string file = Path.Combine(AppContext.BaseDirectory, "Surface", "public-surface.txt");
        string seen = Path.ChangeExtension(file, ".actual.txt");
        string[] sorted = Sort(actual);
        File.WriteAllLines(seen, sorted);

        string[] reviewed = File.Exists(file) ? File.ReadAllLines(file) : [];
        string? difference = sorted.Except(reviewed).Concat(reviewed.Except(sorted)).FirstOrDefault();
        Assert.True(
            sorted.SequenceEqual(reviewed),
            $"The public surface differs, first in: {difference}. If the change is intended, copy {seen} over "
            + "tests/NanoBanana.Module.Tests/Surface/public-surface.txt.");
    }

    /// <summary>Sorts the blocks by name and the lines within each block, because the order of the engine is not guaranteed.</summary>
    private static string[] Sort(string[] lines)
    {
        var blocks = new SortedDictionary<string, SortedDictionary<string, List<string>>>(StringComparer.Ordinal);
        string block = "", set = "";
        foreach (string line in lines)
        {
            if (!line.StartsWith(' '))
                (block, set) = (line, "");
            else if (!line.StartsWith("    ", StringComparison.Ordinal))
                set = line;
            if (!blocks.TryGetValue(block, out SortedDictionary<string, List<string>>? sets))
                blocks[block] = sets = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
            if (!sets.TryGetValue(set, out List<string>? members))
                sets[set] = members = [];
            if (line.StartsWith("    ", StringComparison.Ordinal))
                members.Add(line);
        }
        return [.. blocks.SelectMany(outer => new[] { outer.Key }.Concat(
            outer.Value.SelectMany(inner =>
                (inner.Key.Length > 0 ? new[] { inner.Key } : []).Concat(inner.Value.Order(StringComparer.Ordinal)))))];
    }
}
