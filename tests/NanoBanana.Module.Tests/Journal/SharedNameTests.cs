namespace NanoBanana.Module.Tests.Journal;

/// <summary>A name of a batch belongs to one image. Several prompts of one run can't share it.</summary>
public sealed class SharedNameTests : JournalModuleTest
{
    private const string New = "NanoBanana.Commands.NewNanoBananaImageCommand";

    [Fact]
    public void Second_prompt_with_the_same_name_is_refused_before_it_is_submitted()
    {
        ShellResult result = Run(
            "'a red fox', 'owl', 'elk' | New-NanoBananaImage -Batch b -Name n | Save-NanoBananaImage -FileName '{name}'");

        Assert.Equal("n.png", Path.GetFileName($"{Assert.Single(result.Output)}"));
        Assert.Equal(["owl", "elk"], result.Errors.Select(error => $"{error.TargetObject}"));
        Assert.All(result.Errors, error => Assert.Equal($"InvalidRequest,{New}", error.FullyQualifiedErrorId));
        Assert.Matches("name 'n' is already used for 'a red fox'.*Name.*omit -Name", $"{result.Errors[0]}");
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        PSObject batch = Assert.Single(Run("Get-NanoBananaBatch b").Ok());
        Assert.Equal(("1", "1", "0"), (batch.Text("Total"), batch.Text("Completed"), batch.Text("Unsaved")));
    }

    [Fact]
    public void WhatIf_refuses_a_second_prompt_with_the_same_name()
    {
        ShellResult result = Run("'fox', 'owl' | New-NanoBananaImage -Batch b -Name n -WhatIf");
        result.OnlyError($"InvalidRequest,{New}", ErrorCategory.InvalidArgument);
        Assert.Single(result.HostLines);
        AssertNothingSent();
    }

    [Fact]
    public void Repeated_rows_are_refused_and_names_of_other_batches_are_accepted()
    {
        ShellResult result = Run("""
            'n,b,fox', 'n,c,fox', 'm,b,fox', 'n,b,fox', ',b,elk', ',b,elk' |
                ConvertFrom-Csv -Header Name, Batch, Prompt | New-NanoBananaImage
            """);
        Assert.Equal("n", Assert.Single(result.Errors).Target().Text("Name"));
        Assert.Equal(5, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Later_run_with_the_same_name_replaces_the_older_image()
    {
        const string Save = "Save-NanoBananaImage -FileName '{name}'";
        Run($"'fox' | New-NanoBananaImage -Batch b -Name n | {Save}").Ok();
        Run($"'owl' | New-NanoBananaImage -Batch b -Name n | {Save}").Ok();
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-WhatIf")]
    public void Without_a_batch_one_warning_is_written_before_the_second_submission(string whatIf)
    {
        ShellResult result = Run($"'fox', 'owl', 'elk' | New-NanoBananaImage -Name n {whatIf}");
        Assert.Equal(whatIf.Length > 0 ? 0 : 3, result.Ok().Count);
        Assert.Matches("name 'n' is already used for 'fox'", Assert.Single(result.Warnings));
        Assert.Equal(whatIf.Length > 0 ? 0 : 3, Emulator.Counters.CreatesReceived);

        Run($"'hare', 'toad' | New-NanoBananaImage -Name n -WarningAction Stop {whatIf}");
        Assert.DoesNotContain(Bodies, body => body.Contains("toad", StringComparison.Ordinal));
    }
}
