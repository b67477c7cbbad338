namespace NanoBanana.Module.Tests.Streams;

public sealed class ErrorHandlingTests : ModuleTest
{
    [Fact]
    public void ErrorAction_Stop_throws_an_error_that_catch_receives()
    {
        PSObject caught = Assert.Single(Run("""
            try { New-NanoBananaImage 'fox [fail:5001095]' | Wait-NanoBananaTask -ErrorAction Stop | ForEach-Object { } }
            catch { $_ }
            """).Output);

        var error = Assert.IsType<ErrorRecord>(caught.BaseObject);
        Assert.Equal("TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand", error.FullyQualifiedErrorId);
        Assert.Equal("fox [fail:5001095]", error.Target().Text("Prompt"));
        Assert.Equal("NanoBanana.NanoBananaException", error.Exception.GetType().FullName);
    }

    [Fact]
    public void Typed_catch_receives_NanoBananaException_with_its_kind()
    {
        Assert.Equal("InvalidRequest", $"{Assert.Single(Run("""
            try { New-NanoBananaImage '' -ErrorAction Stop } catch [NanoBanana.NanoBananaException] { "$($_.Exception.Kind)" }
            """).Output)}");
    }

    [Fact]
    public void ErrorVariable_collects_errors_and_the_success_variable_is_false()
    {
        ShellResult result = Run("""
            $tasks = 'fox [fail:5001095]', 'owl', 'hare [fail:5001096]' | New-NanoBananaImage |
                Wait-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $?
            $failures.Count
            $tasks.Count
            $null = New-NanoBananaImage good
            $?
            """);

        Assert.Equal([false, 2, 3, true], result.Ok().Select(o => o.BaseObject));
    }

    [Fact]
    public void Errors_are_readable_on_the_screen()
    {
        ShellResult result = Run("[pscustomobject]@{ prompt = 'fox'; aspect_ratio = '17:9' } | New-NanoBananaImage 2>&1 | Out-Default");
        string shown = string.Join('\n', result.HostLines);
        Assert.Contains(
            "'17:9' is not a valid aspect ratio.",
            shown.Replace("\n", " ", StringComparison.Ordinal).Replace("     | ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_sends_nothing_and_shows_what_would_be_submitted()
    {
        ShellResult result = Run("""
            'a red fox', 'an owl' |
                New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K -ImageUrl https://example.com/a.png -WhatIf
            """);

        Assert.Empty(result.Ok());
        Assert.Equal((3, "What if: In total: buy 2 images, 3360 output tokens."), (result.HostLines.Count, result.HostLines[^1]));
        Assert.StartsWith("What if: ", result.HostLines[0], StringComparison.Ordinal);
        Assert.All(
            ["a red fox", "16:9 2K (2752x1536)", "1680 output tokens", "1 image", "nano_banana_2"],
            word => Assert.Contains(word, result.HostLines[0], StringComparison.Ordinal));
        AssertNothingSent();
    }

    [Fact]
    public void Confirm_answer_Yes_to_All_applies_to_all_prompts()
    {
        Shell.Host.Answers.Enqueue("Yes to All");

        Assert.Equal(3, Run("'fox', 'owl', 'elk' | New-NanoBananaImage -Confirm").Ok().Count);
        Assert.Equal(3, Emulator.Tasks.Count);
        Assert.Empty(Shell.Host.Answers);
    }

    [Fact]
    public void No_to_All_submits_nothing()
    {
        Shell.Host.Answers.Enqueue("No to All");

        Assert.Empty(Run("'fox', 'owl', 'elk' | New-NanoBananaImage -Confirm").Ok());
        AssertNothingSent();
    }

    [Fact]
    public void WhatIf_reports_the_invalid_row()
    {
        ShellResult result = Run("'fox', ('x' * 2501) | New-NanoBananaImage -WhatIf");
        result.OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Single(result.HostLines);
        AssertNothingSent();
    }
}
