using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Views;

/// <summary>
/// With AppLocker or WDAC, sessions run in ConstrainedLanguage, where a view that calls a method shows an empty column.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed partial class LanguageModeTests : IDisposable
{
    private const string Objects = """
        $emulator = Start-NanoBananaEmulator -TimeScale 0
        $emulator | Connect-NanoBanana
        $objects = @{}
        $objects.Tasks = 'a fox', 'an owl [fail:5001095]' |
            New-NanoBananaImage -Batch 'catalog' -AspectRatio 16:9 -RunVariable run -Wait -ErrorAction Ignore
        $objects.Files = $objects.Tasks | Save-NanoBananaImage -Destination (Join-Path $folder images) -ErrorAction Ignore
        $objects.Listed = Get-NanoBananaTask
        $objects.Batch = Get-NanoBananaBatch
        $objects.Run = $run
        $objects.Gallery = $objects.Files | Export-NanoBananaGallery (Join-Path $folder gallery)
        $objects.Backup = Backup-NanoBananaJournal (Join-Path $folder journal.db)
        $objects.Copy = Copy-NanoBananaJournal $objects.Backup.FullName (Join-Path $folder copy.db)
        $objects.Emulator = $emulator
        $objects.Image = $objects.Listed.Image | Where-Object { $_ }
        $objects.Error = $objects.Listed.Error | Where-Object { $_ }
        $objects.Test = Test-NanoBananaConnection -WarningAction Ignore -ErrorAction Ignore
        $proxy = @{ Proxy = 'http://proxy:8080'; Header = @{ a = 'b' } }
        $objects.Connection = Connect-NanoBanana -ApiKey sk-123456789 -Endpoint https://host/ @proxy -PassThru
        foreach ($name in 'Tasks', 'Files', 'Batch', 'Run', 'Copy', 'Gallery', 'Image', 'Error', 'Test', 'Connection') {
            $objects[$name] | Export-Clixml (Join-Path $folder object.xml)
            $objects["$name from a file"] = Import-Clixml (Join-Path $folder object.xml)
        }
        """;

    private const string Show = """
        foreach ($name in $objects.Keys | Sort-Object) {
            foreach ($format in 'Format-Table', 'Format-List', 'Format-Wide') {
                "=== $name $format"
                $objects[$name] | & $format | Out-String -Width 150
            }
        }
        """;

    private readonly ViewShell _shell = new();
    private readonly TemporaryFolder _folder = new();

    public LanguageModeTests() => Environment.SetEnvironmentVariable("NANOBANANA_JOURNAL", _folder["journal/journal.db"]);

    [Fact]
    public void Every_view_shows_the_same_in_ConstrainedLanguage_as_in_FullLanguage()
    {
        _shell.Run($"$folder = '{_folder.Path}'\n{Objects}");
        string full = Text(Show);

        _shell.Run("$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'");
        string constrained = Text(Show);

        Assert.Equal(full, constrained);
        // Each view shows values. Dashes and labels alone would be equal in both modes, too.
        Assert.DoesNotMatch(@"===.*\n\s*(===|$)", full);
        Assert.Contains("catalog", full, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-123456789", full, StringComparison.Ordinal);
    }

    [Fact]
    public void Imported_objects_are_shown_like_the_originals()
    {
        _shell.Run($"$folder = '{_folder.Path}'\n{Objects}");

        foreach (string name in new[] { "Files", "Gallery", "Image", "Error", "Tasks" })
        {
            string format = name == "Error" ? "Format-List" : "Format-Table";
            Assert.Equal(Text($"$objects.{name} | {format}"), Text($"$objects['{name} from a file'] | {format}"));
        }
    }

    [Fact]
    public void No_view_calls_a_method()
    {
        string[] calls = [.. ScriptBlocks().Matches(File.ReadAllText(Path.Combine(StagedModule.Folder, "NanoBanana.format.ps1xml")))
            .Select(match => match.Groups[1].Value)
            .Where(script => script.Contains("::", StringComparison.Ordinal) || script.Contains('('))];

        Assert.Empty(calls);
    }

    /// <summary>The exported properties are an explicit list, because hidden ones would be exported too. It must be complete.</summary>
    [Fact]
    public void Export_contains_every_property_of_a_type_and_not_its_view()
    {
        _shell.Run($"$folder = '{_folder.Path}'\n{Objects}");
        foreach ((string name, string type) in new[]
        {
            ("Tasks", "ImageTask"), ("Batch", "ImageBatch"), ("Run", "ImageRun"), ("Copy", "JournalCopyResult"),
            ("Image", "ImageOutput"), ("Error", "ImageTaskError"), ("Test", "ConnectionTest"), ("Connection", "NanoBananaConnection"),
        })
        {
            string[] exported = [.. Names($"@($objects['{name} from a file'])[0].PSObject.Properties.Name")];

            Assert.Equal(Names($"[NanoBanana.{type}].GetProperties().Name"), exported.Where(property => property != "SavedTo"));
        }
        foreach (string file in new[] { "Files", "Gallery" })
        {
            _shell.Run($"$names = @($objects['{file} from a file'])[0].PSObject.Properties.Name");
            Assert.Equal("True False", _shell.Run("\"$($names -contains 'PSPath') $($names -contains 'View')\"")[0].ToString());
        }
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("NANOBANANA_JOURNAL", null);
        _folder.Dispose();
    }

    private IEnumerable<string> Names(string script) => _shell.Run(script).Select(name => $"{name}").Order(StringComparer.Ordinal);

    private string Text(string script) =>
        string.Join("\n", _shell.Run($". {{\n{script}\n}} | Out-String -Width 150").Select(line => $"{line}"));

    [GeneratedRegex("<ScriptBlock>(.*?)</ScriptBlock>", RegexOptions.Singleline)]
    private static partial Regex ScriptBlocks();
}
