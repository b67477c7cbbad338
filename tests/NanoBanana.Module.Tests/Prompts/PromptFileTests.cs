namespace NanoBanana.Module.Tests.Prompts;

public sealed class PromptFileTests : ModuleTest
{
    public PromptFileTests()
    {
        Folder.Write("fox.txt", "\na red fox,\nin snow\n\n");
        Folder.Write("owl.txt", "\uFEFFan owl");
    }

    private IEnumerable<string> Prompts => Emulator.Tasks.Select(t => t.Prompt).Order();

    [Fact]
    public void A_text_file_from_the_pipeline_is_one_prompt_named_after_the_file()
    {
        IReadOnlyList<PSObject> tasks = Run("Get-ChildItem *.txt | New-NanoBananaImage").Good();

        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
        Assert.Equal(["fox", "owl"], tasks.Select(t => t.Text("Name")).Order());
    }

    [Fact]
    public void A_bare_FileInfo_will_do()
    {
        Run($"[System.IO.FileInfo]'{Folder["fox.txt"]}' | New-NanoBananaImage").Good();
        Assert.Equal(["a red fox,\nin snow"], Prompts);
    }

    [Fact]
    public void PromptPath_takes_wildcards_and_paths_relative_to_the_current_location()
    {
        Run("New-NanoBananaImage -PromptPath *.txt").Good();
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }

    [Fact]
    public void PromptPath_takes_a_file_that_has_the_very_name_before_a_wildcard()
    {
        Folder.Write("[1].txt", "one");
        Folder.Write("1.txt", "not this");
        Run("New-NanoBananaImage -PromptPath '[1].txt'").Good();
        Assert.Equal(["one"], Prompts);
    }

    [Theory]
    [InlineData("-PromptPath nothing.txt", "nothing.txt")]
    [InlineData("-PromptPath nothing*.txt", "nothing*.txt")]
    [InlineData("-PromptPath image.txt", "not a text file")]
    [InlineData("-PromptPath image.txt", "is an image")]
    [InlineData("-PromptPath long.txt", "larger than a prompt")]
    public void A_file_that_is_no_prompt_is_an_error_about_that_file(string argument, string word)
    {
        File.WriteAllBytes(Folder["image.txt"], [137, 80, 78, 71, 0, 0, 0, 13]);
        File.WriteAllBytes(Folder["image.txt"], [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13]);
        Folder.Write("long.txt", new string('x', 70_000));

        ErrorRecord error = Run("New-NanoBananaImage " + argument).OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);

        Assert.Contains(word, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(argument.Split(' ')[1].TrimEnd('*'), $"{error.TargetObject}", StringComparison.Ordinal);
        NothingWasSent();
    }

    [Fact]
    public void A_bad_file_keeps_no_other_from_being_sent()
    {
        Folder.Write("hen.txt", "a\0b");
        Run("New-NanoBananaImage -PromptPath *.txt").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }

    [Fact]
    public void A_missing_path_keeps_no_other_from_being_sent()
    {
        Run("New-NanoBananaImage -PromptPath fox.txt, nothing.txt, owl.txt").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }
}
