namespace NanoBanana.Module.Tests.Prompts;

/// <summary>What the rows of someone else's file can choose, and what is shown of it before anything is bought.</summary>
public sealed class OtherPeoplesRowTests : ModuleTest
{
    private const string Refused = "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand";

    [Theory]
    [InlineData("[pscustomobject]@{ Prompt = 'owl', 'elk' }", "2 prompts")]
    [InlineData("[pscustomobject]@{ Prompt = @() }", "0 prompts")]
    [InlineData("[pscustomobject]@{ prompt = [System.Collections.Generic.List[string]]('owl', 'elk', 'ox') }", "3 prompts")]
    [InlineData("[pscustomobject]@{ prompt = [object[]]('owl', 'elk') }", "2 prompts")]
    public void Object_with_several_prompts_is_refused_and_the_other_objects_go_on(string row, string count)
    {
        ShellResult result = Run($"[pscustomobject]@{{ Prompt = 'fox' }}, {row}, [pscustomobject]@{{ Prompt = 'hare' }} | New-NanoBananaImage -ThrottleLimit 1");

        ErrorRecord error = result.OnlyError(Refused, ErrorCategory.InvalidArgument);
        Assert.Contains(count, error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.TargetObject);
        Assert.Equal(["""{"prompt":"fox"}""", """{"prompt":"hare"}"""], Bodies);
    }

    [Fact]
    public void Object_with_several_prompts_is_refused_by_WhatIf_too()
    {
        Run("[pscustomobject]@{ Prompt = 'owl', 'elk' } | New-NanoBananaImage -WhatIf").OnlyError(Refused, ErrorCategory.InvalidArgument);
        NothingWasSent();
    }

    [Fact]
    public void Object_with_a_list_of_one_prompt_buys_one_image()
    {
        Run("[pscustomobject]@{ Prompt = @('fox') } | New-NanoBananaImage").Good();
        Assert.Equal(["""{"prompt":"fox"}"""], Bodies);
    }

    [Fact]
    public void WhatIf_names_each_file_that_would_be_uploaded_with_its_whole_path()
    {
        string deep = Directory.CreateDirectory(Folder[string.Join(Path.DirectorySeparatorChar, Enumerable.Repeat(new string('d', 50), 4))]).FullName;
        Run("New-NanoBananaImage fox -OutFile fox.png").Good();
        File.Copy(Folder["fox.png"], Path.Combine(deep, "private\u202egnp.png"));
        Shell["deep"] = Path.Combine(deep, "private\u202egnp.png");

        ShellResult result = Run("[pscustomobject]@{ Prompt = 'a hat'; ImagePath = 'fox.png', $deep }, 'owl' | New-NanoBananaImage -WhatIf");

        Assert.Empty(result.Good());
        Assert.Contains($"and upload '{Folder["fox.png"]}', '{Path.Combine(deep, "privategnp.png")}'", result.HostLines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("upload", result.HostLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Confirm_names_each_file_that_would_be_uploaded_and_no_sends_nothing()
    {
        Run("New-NanoBananaImage fox -OutFile fox.png").Good();
        Shell.Host.Answers.Enqueue("No");

        ShellResult result = Run("[pscustomobject]@{ Prompt = 'a hat'; ImagePath = 'fox.png' } | New-NanoBananaImage -Confirm");

        Assert.Empty(result.Good());
        Assert.Contains(Shell.Host.Questions, question => question.Contains($"upload '{Folder["fox.png"]}'", StringComparison.Ordinal));
        Assert.Single(Emulator.Tasks);
    }
}
