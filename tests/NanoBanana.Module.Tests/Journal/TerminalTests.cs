using System.Globalization;
using System.Text;

namespace NanoBanana.Module.Tests.Journal;

/// <summary>Untrusted names, paths, ids and addresses are shown without characters that control the terminal or hide text.</summary>
public sealed class TerminalTests : JournalModuleTest
{
    /// <summary>An escape sequence, a mark that reverses the text direction, and an invisible tag character.</summary>
    private const string Evil = "a\u001b[2J\u202Eb\U000E0041";

    /// <summary>The part of it that is valid in file names on all platforms.</summary>
    private const string EvilName = "a\u202Eb\U000E0041";

    public TerminalTests()
    {
        Shell["evil"] = Evil;
        Shell["evilName"] = EvilName;
    }

    [Theory]
    [InlineData("New-NanoBananaImage x -ImagePath \"$evil.png\"")]
    [InlineData("Set-Content -LiteralPath \"$evilName.png\" text; New-NanoBananaImage x -ImagePath \"$evilName.png\"")]
    [InlineData("New-NanoBananaImage -PromptPath \"$evil.txt\"")]
    [InlineData("[IO.File]::WriteAllBytes(\"$pwd/$evilName.txt\", (97, 0)); New-NanoBananaImage -PromptPath \"$evilName.txt\"")]
    [InlineData("New-NanoBananaImage x -OutFile \"$evilName/x.png\"")]
    [InlineData("Set-Content -LiteralPath \"$evilName.png\" text; New-NanoBananaImage x -OutFile \"$evilName.png\"")]
    [InlineData("New-NanoBananaImage x -Model \"x$evil\"")]
    [InlineData("New-NanoBananaImage x -Resolution \"x$evil\"")]
    [InlineData("New-NanoBananaImage x -AspectRatio \"x$evil\"")]
    [InlineData("New-NanoBananaImage x -ImageUrl \"x$evil\"")]
    [InlineData("New-NanoBananaImage \"fox $evil [fail:5001095]\" -Wait")]
    [InlineData("Remove-NanoBananaTask -Id \"x$evil\"")]
    [InlineData("Get-NanoBananaTask -Id \"x$evil\"")]
    [InlineData("Get-NanoBananaTask -Status \"x$evil\"")]
    [InlineData("Wait-NanoBananaTask -Id \"x$evil\"")]
    [InlineData("Save-NanoBananaImage -Id \"x$evil\"")]
    [InlineData("New-NanoBananaImage x | Save-NanoBananaImage -FileName \"{x$evil}\"")]
    [InlineData("Set-Content \"$evilName\" text; New-NanoBananaImage x | Save-NanoBananaImage -Destination \"$evilName\"")]
    [InlineData("Get-NanoBananaBatch \"x$evilName\"")]
    [InlineData("Export-NanoBananaGallery gallery -Batch \"x$evil\"")]
    [InlineData("Export-NanoBananaGallery \"$evil.txt\" -Batch b")]
    [InlineData("Set-Content \"$evilName.html\" text; Export-NanoBananaGallery \"$evilName.html\" -Batch b")]
    [InlineData("$null = New-Item -ItemType Directory \"$evilName.html\"; Export-NanoBananaGallery \"$evilName.html\" -Batch b")]
    [InlineData("Connect-NanoBanana -Endpoint \"ftp://cloud.example/x%E2%80%AE$evilName\" -ApiKey k")]
    [InlineData("Connect-NanoBanana -SecretName \"x$evil\"")]
    public void Errors_show_cleaned_values(string script)
    {
        ShellResult result = Run(script);

        IEnumerable<ErrorRecord> errors = result.Failure is { } failure ? [.. result.Errors, failure.ErrorRecord] : result.Errors;
        Assert.NotEmpty(errors);
        Assert.All(
            errors.SelectMany(error => (string[])[$"{error}", error.Exception.Message, error.CategoryInfo.TargetName]), AssertHarmless);
    }

    [Fact]
    public void Objects_keep_the_original_values()
    {
        Assert.Equal($"x{Evil}", Assert.Single(Run("Remove-NanoBananaTask -Id \"x$evil\"").Errors).TargetObject);
        Assert.Equal(Evil, Assert.Single(Run("New-NanoBananaImage \"$evil\" -Batch \"$evil\"").Ok()).Text("Batch"));
        Assert.Equal(Evil, Assert.Single(Run("Get-NanoBananaBatch").Ok()).Text("Batch"));
    }

    [Theory]
    [InlineData(
        "Set-Content -LiteralPath \"$evilName.png\" text; "
        + "New-NanoBananaImage \"x`n$evil\" -OutFile \"$evilName.png\" -Force -Batch \"$evil\" -Model \"x$evil\"")]
    [InlineData("New-NanoBananaImage x | Save-NanoBananaImage -Destination \"y`n$evil\"")]
    [InlineData("[NanoBanana.ImageTask]@{ Id = \"x`n$evil\"; Status = 'Completed' } | Save-NanoBananaImage")]
    [InlineData(
        "$null = New-NanoBananaImage x; "
        + "[NanoBanana.ImageTask]@{ Id = ''; Prompt = \"x`n$evil\"; Status = 'Unknown' } | Remove-NanoBananaTask")]
    [InlineData("$null = New-NanoBananaImage x -Batch b; Export-NanoBananaGallery \"y$evil\" -Batch b")]
    public void WhatIf_and_Confirm_show_cleaned_values_on_one_line(string script)
    {
        ShellResult preview = Run($"{script} -WhatIf");

        Assert.Null(preview.Failure);
        if (preview.Errors.Count > 0)
        {
            Assert.All(preview.Errors, error => AssertHarmless($"{error}"));
            return;
        }
        // The preview and, after a submission, a warning about the unsaved tasks.
        Assert.Equal(1 + preview.Warnings.Count, preview.HostLines.Count);
        Assert.All(preview.HostLines, AssertHarmless);
        Assert.All(preview.HostLines, line => Assert.DoesNotContain('\n', line));
        Shell.Host.Answers.Enqueue("No");
        Assert.Empty(Run($"{script} -Confirm").Errors);
        AssertHarmless(Assert.Single(Shell.Host.Questions));
    }

    [Fact]
    public void Warnings_show_cleaned_values_and_the_file_keeps_its_name()
    {
        ShellResult result = Run("$VerbosePreference = $DebugPreference = 'Continue'; New-NanoBananaImage x -OutFile \"$evilName.jpg\"");

        result.Ok();
        Assert.NotEmpty(result.Warnings);
        Assert.All(result.Warnings.Concat(result.Verbose).Concat(result.Debug), AssertHarmless);
        Assert.Contains(EvilName + ".jpg", Folder.Files);
    }

    [Theory]
    [InlineData(
        "[NanoBanana.ImageTask]@{ Id = $evil; Status = 'Failed'; Prompt = $evil; Name = $evil; Batch = $evil; Model = $evil; "
        + "AspectRatio = $evil; Resolution = $evil; ResponseModality = @($evil); Text = $evil; RawStatus = $evil; RequestId = $evil; "
        + "ImageUrl = @(\"https://h.example/$evil\"); Error = [NanoBanana.ImageTaskError]@{ Code = $evil; Message = $evil } }")]
    [InlineData(
        "[NanoBanana.ImageTask]@{ Id = 'd1'; Status = 'Completed'; TextUrl = $url; Endpoint = $url; "
        + "Image = @([NanoBanana.ImageOutput]@{ Url = $url }) }")]
    [InlineData("[NanoBanana.ImageOutput]@{ Url = $url; Id = $evil; ContentType = $evil; FileName = $evil }")]
    [InlineData("[NanoBanana.ImageTaskError]@{ Code = $evil; Message = $evil; Meaning = $evil; Advice = $evil }")]
    [InlineData(
        "$null; $null = New-NanoBananaImage \"fox $evil [fail:5001095]\" -Batch $evil -Wait -ErrorAction Ignore; "
        + "$shown = Get-NanoBananaBatch")]
    [InlineData("Connect-NanoBanana -Endpoint $url -ApiKey k -Proxy $url -PassThru")]
    [InlineData("New-NanoBananaImage x | Save-NanoBananaImage -Destination $evilName")]
    [InlineData("New-NanoBananaImage $evil -OutFile \"$evilName.png\"")]
    public void Views_show_cleaned_values(string script)
    {
        Shell["url"] = "https://h.example/%E2%80%AE%F3%A0%81%81x";
        Run("Get-NanoBananaConnection").Ok();

        foreach (string view in (string[])["Format-Table", "Format-List", "Out-Default"])
        {
            IReadOnlyList<string> lines = Shell.Show(
                $"$shown = {script}; $shown | {view}; Get-ChildItem -Recurse -File | Where-Object Extension -eq .png | Remove-Item");
            Assert.NotEmpty(lines);
            Assert.All(lines, AssertHarmless);
        }
    }

    [Fact]
    public void Completion_offers_only_names_without_terminal_control_characters()
    {
        string[] names = ["x” $(1) `it’s", "x plain"];
        Shell["names"] = names;
        Run("foreach ($name in @($names) + \"x$evil\") { $null = New-NanoBananaImage fox -Batch $name }").Ok();

        foreach (string command in (string[])["New-NanoBananaImage fox -Batch ", "Export-NanoBananaGallery g -Batch "])
        {
            foreach (string quote in (string[])["x", "\"x", "'x"])
            {
                CompletionResult[] offered = [.. Shell.Complete(command + quote)];
                IEnumerable<string> values = offered.Select(o => o.CompletionText)
                    .Select(text => text.StartsWith('x') ? $"'{text}'" : text)
                    .Select(literal => $"{Assert.Single(Run(literal).Ok())}");
                Assert.Equal(names.Order(StringComparer.Ordinal), values.Order(StringComparer.Ordinal));
                Assert.All(offered, o => AssertHarmless(o.ListItemText + o.ToolTip + o.CompletionText));
            }
        }
    }

    private static void AssertHarmless(string text) => Assert.DoesNotContain(
        text.EnumerateRunes(),
        rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control
            && rune.Value is not ('\n' or '\r' or '\t'));
}
