namespace NanoBanana.Module.Tests.Streams;

public sealed class ErrorHandlingTests : ModuleTest
{
    [Fact]
    public void ErrorAction_Stop_throws_what_catch_can_read()
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
    public void A_typed_catch_finds_our_exception_and_its_kind()
    {
        Assert.Equal("InvalidRequest", $"{Assert.Single(Run("""
            try { New-NanoBananaImage '' -ErrorAction Stop } catch [NanoBanana.NanoBananaException] { "$($_.Exception.Kind)" }
            """).Output)}");
    }

    [Fact]
    public void ErrorVariable_collects_and_the_last_command_is_known_to_have_failed()
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

        Assert.Equal([false, 2, 3, true], result.Good().Select(o => o.BaseObject));
    }

    [Fact]
    public void Errors_read_well_where_people_see_them()
    {
        ShellResult result = Run("[pscustomobject]@{ prompt = 'fox'; aspect_ratio = '17:9' } | New-NanoBananaImage 2>&1 | Out-Default");
        string shown = string.Join('\n', result.HostLines);
        Assert.Contains("'17:9' is not a valid aspect ratio.", shown.Replace("\n", " ", StringComparison.Ordinal).Replace("     | ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_sends_nothing_and_says_what_would_be_bought()
    {
        ShellResult result = Run("'a red fox', 'an owl' | New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K -ImageUrl https://example.com/a.png -WhatIf");

        Assert.Empty(result.Good());
        Assert.Equal((3, "What if: In total: buy 2 images, 3360 output tokens."), (result.HostLines.Count, result.HostLines[^1]));
        Assert.StartsWith("What if: ", result.HostLines[0], StringComparison.Ordinal);
        Assert.All(["a red fox", "16:9 2K (2752x1536)", "1680 output tokens", "1 image", "nano_banana_2"], word => Assert.Contains(word, result.HostLines[0], StringComparison.Ordinal));
        NothingWasSent();
    }

    [Fact]
    public void Confirm_is_answered_once_for_all()
    {
        Shell.Host.Answers.Enqueue("Yes to All");

        Assert.Equal(3, Run("'fox', 'owl', 'elk' | New-NanoBananaImage -Confirm").Good().Count);
        Assert.Equal(3, Emulator.Tasks.Count);
        Assert.Empty(Shell.Host.Answers);
    }

    [Fact]
    public void Who_says_no_to_all_buys_nothing()
    {
        Shell.Host.Answers.Enqueue("No to All");

        Assert.Empty(Run("'fox', 'owl', 'elk' | New-NanoBananaImage -Confirm").Good());
        NothingWasSent();
    }

    [Fact]
    public void WhatIf_finds_the_bad_row_too()
    {
        ShellResult result = Run("'fox', ('x' * 2501) | New-NanoBananaImage -WhatIf");
        result.OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Single(result.HostLines);
        NothingWasSent();
    }
}
