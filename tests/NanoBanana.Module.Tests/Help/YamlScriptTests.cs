using System.Text.RegularExpressions;
using NanoBanana.Help;
using NanoBanana.Module.Tests.Help.Engine;

namespace NanoBanana.Module.Tests.Help;

/// <summary>The scripts in the YAML of about_NanoBanana_Machines work on the emulator, with a journal in a file.</summary>
[Collection(ProcessWide.Name)]
public sealed partial class YamlScriptTests
{
    /// <summary>Replaces the service that stores uploads.</summary>
    private const string FakeUploadService = """
        $uploads = [System.Collections.Generic.List[string]]::new()
        function Invoke-RestMethod([uri] $Uri, [string] $Method, [string] $InFile) {
            $uploads.Add("$Method $(Split-Path $Uri -Leaf) $((Get-Item $InFile).Length -gt 0)")
        }
        """;

    [Fact]
    public void CronJob_uploads_each_image_and_submits_it_once_if_the_next_pod_has_an_empty_disk()
    {
        string script = ScriptOf("nightly.ps1")
            .Replace("/config/", "", StringComparison.Ordinal).Replace("/work/", "", StringComparison.Ordinal);
        using var engine = new HelpEngine();
        engine.Run("$emulator = Start-NanoBananaEmulator -TimeScale 0; $emulator | Connect-NanoBanana");
        engine.Run(FakeUploadService);

        for (int pod = 1; pod <= 2; pod++)
        {
            engine.Run("$uploads.Clear()\n" + script);
            Assert.Equal(
                ["2", "0", "Put fox.png True", "Put whale.png True"],
                engine.Run("$emulator.Counters.CreatesAccepted; $run.ExitCode; $uploads | Sort-Object; Remove-Item images -Recurse")
                    .Select(o => $"{o}"));
        }
    }

    [Fact]
    public void Workflow_saves_missing_images()
    {
        using var engine = new HelpEngine();
        engine.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana");

        engine.Run(Installed(ScriptOf("run", 0)));

        Assert.Equal(
            ["0", "fox.png", "whale.png"],
            engine.Run("$run.ExitCode; (Get-ChildItem images).Name | Sort-Object").Select(o => $"{o}"));
    }

    [Fact]
    public void Rehearsal_counts_submissions()
    {
        using var engine = new HelpEngine();

        Assert.Equal("2 images were bought for 2 rows.", $"{engine.Run(Installed(ScriptOf("run", 1)))[^1]}");
    }

    private static string Installed(string script) => script.Replace("./modules/NanoBanana", "NanoBanana", StringComparison.Ordinal);

    /// <summary>A literal block of the YAML.</summary>
    private static string ScriptOf(string key, int number = 0)
    {
        string page = Paths.Topics.Single(file => Path.GetFileNameWithoutExtension(file) == "about_NanoBanana_Machines");
        string[] lines = [.. MarkdownPage.Load(page).Code("yaml").SelectMany(block => block.Split('\n'))];
        int start = Enumerable.Range(0, lines.Length).Where(i => lines[i].Trim() == $"{key}: |").ElementAt(number);
        string[] block = [.. lines.Skip(start + 1).TakeWhile(line => line.Trim().Length == 0 || IndentOf(line) > IndentOf(lines[start]))];
        int indent = block.Where(line => line.Trim().Length > 0).Min(IndentOf);
        return string.Join('\n', block.Select(line => line.Length > indent ? line[indent..] : ""));
    }

    private static int IndentOf(string line) => Indent().Match(line).Length;

    [GeneratedRegex("^ *")]
    private static partial Regex Indent();
}
