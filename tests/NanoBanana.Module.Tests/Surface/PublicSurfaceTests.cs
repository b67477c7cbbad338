namespace NanoBanana.Module.Tests.Surface;

/// <summary>
/// What users can write in their scripts, as a file that a reviewer reads when it changes: commands, parameter sets,
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
    public void The_public_surface_is_what_was_reviewed()
    {
        string[] actual = [.. Shell.Run(Describe).Output.Select(line => line.ToString()!)];
        string file = Path.Combine(AppContext.BaseDirectory, "Surface", "public-surface.txt");
        string seen = Path.ChangeExtension(file, ".actual.txt");
        string[] sorted = Sort(actual);
        File.WriteAllLines(seen, sorted);

        string[] reviewed = File.Exists(file) ? File.ReadAllLines(file) : [];
        string? difference = sorted.Except(reviewed).Concat(reviewed.Except(sorted)).FirstOrDefault();
        Assert.True(sorted.SequenceEqual(reviewed), $"The public surface differs, first in: {difference}. If the change is meant, copy {seen} over tests/NanoBanana.Module.Tests/Surface/public-surface.txt.");
    }

    /// <summary>Blocks in order of their names, and lines of a block in theirs: the engine's order is not a promise.</summary>
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
        return [.. blocks.SelectMany(b => new[] { b.Key }.Concat(b.Value.SelectMany(s => (s.Key.Length > 0 ? new[] { s.Key } : []).Concat(s.Value.Order(StringComparer.Ordinal)))))];
    }
}
