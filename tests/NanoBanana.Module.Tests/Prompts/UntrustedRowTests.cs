namespace NanoBanana.Module.Tests.Prompts;

/// <summary>The values that rows of an untrusted file can set, and that -WhatIf and -Confirm show before anything is submitted.</summary>
public sealed class UntrustedRowTests : ModuleTest
{
    private const string Refused = "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand";

    [Theory]
    [InlineData("[pscustomobject]@{ Prompt = 'owl', 'elk' }", "2 prompts")]
    [InlineData("[pscustomobject]@{ Prompt = @() }", "0 prompts")]
    [InlineData("[pscustomobject]@{ prompt = [System.Collections.Generic.List[string]]('owl', 'elk', 'ox') }", "3 prompts")]
    [InlineData("[pscustomobject]@{ prompt = [object[]]('owl', 'elk') }", "2 prompts")]
    public void Object_with_several_prompts_is_refused_and_the_others_are_submitted(string row, string count)
    {
        ShellResult result = Run(
            $"[pscustomobject]@{{ Prompt = 'fox' }}, {row}, [pscustomobject]@{{ Prompt = 'hare' }} | New-NanoBananaImage -ThrottleLimit 1");

        ErrorRecord error = result.OnlyError(Refused, ErrorCategory.InvalidArgument);
        Assert.Contains(count, error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.TargetObject);
        Assert.Equal(["""{"prompt":"fox"}""", """{"prompt":"hare"}"""], Bodies);
    }

    [Fact]
    public void WhatIf_refuses_an_object_with_several_prompts()
    {
        Run("[pscustomobject]@{ Prompt = 'owl', 'elk' } | New-NanoBananaImage -WhatIf").OnlyError(Refused, ErrorCategory.InvalidArgument);
        AssertNothingSent();
    }

    [Fact]
    public void Object_with_a_list_of_one_prompt_is_one_submission()
    {
        Run("[pscustomobject]@{ Prompt = @('fox') } | New-NanoBananaImage").Ok();
        Assert.Equal(["""{"prompt":"fox"}"""], Bodies);
    }

    [Fact]
    public void WhatIf_shows_the_full_path_of_each_file_to_upload()
    {
        string relative = string.Join(Path.DirectorySeparatorChar, Enumerable.Repeat(new string('d', 50), 4));
        string deep = Directory.CreateDirectory(Folder[relative]).FullName;
        Run("New-NanoBananaImage fox -OutFile fox.png").Ok();
        File.Copy(Folder["fox.png"], Path.Combine(deep, "private\u202egnp.png"));
        Shell["deep"] = Path.Combine(deep, "private\u202egnp.png");

        ShellResult result = Run(
            "[pscustomobject]@{ Prompt = 'a hat'; ImagePath = 'fox.png', $deep }, 'owl' | New-NanoBananaImage -WhatIf");

        Assert.Empty(result.Ok());
        Assert.Contains(
            $"and upload '{Folder["fox.png"]}', '{Path.Combine(deep, "privategnp.png")}'", result.HostLines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("upload", result.HostLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Confirm_shows_each_file_to_upload_and_answer_no_sends_nothing()
    {
        Run("New-NanoBananaImage fox -OutFile fox.png").Ok();
        Shell.Host.Answers.Enqueue("No");

        ShellResult result = Run("[pscustomobject]@{ Prompt = 'a hat'; ImagePath = 'fox.png' } | New-NanoBananaImage -Confirm");

        Assert.Empty(result.Ok());
        Assert.Contains(Shell.Host.Questions, question => question.Contains($"upload '{Folder["fox.png"]}'", StringComparison.Ordinal));
        Assert.Single(Emulator.Tasks);
    }
}
