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
    public void Text_file_from_the_pipeline_is_one_prompt_with_the_name_of_the_file()
    {
        IReadOnlyList<PSObject> tasks = Run("Get-ChildItem *.txt | New-NanoBananaImage").Ok();

        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
        Assert.Equal(["fox", "owl"], tasks.Select(t => t.Text("Name")).Order());
    }

    [Fact]
    public void FileInfo_without_provider_properties_is_accepted()
    {
        Run($"[System.IO.FileInfo]'{Folder["fox.txt"]}' | New-NanoBananaImage").Ok();
        Assert.Equal(["a red fox,\nin snow"], Prompts);
    }

    [Fact]
    public void PromptPath_accepts_wildcards_and_relative_paths()
    {
        Run("New-NanoBananaImage -PromptPath *.txt").Ok();
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }

    [Fact]
    public void PromptPath_prefers_a_file_with_the_exact_name_to_a_wildcard()
    {
        Folder.Write("[1].txt", "one");
        Folder.Write("1.txt", "not this");
        Run("New-NanoBananaImage -PromptPath '[1].txt'").Ok();
        Assert.Equal(["one"], Prompts);
    }

    [Theory]
    [InlineData("-PromptPath nothing.txt", "nothing.txt")]
    [InlineData("-PromptPath nothing*.txt", "nothing*.txt")]
    [InlineData("-PromptPath image.txt", "not a text file")]
    [InlineData("-PromptPath image.txt", "is an image")]
    [InlineData("-PromptPath long.txt", "larger than a prompt")]
    public void File_that_is_not_a_prompt_is_an_error_with_this_file_as_target(string argument, string word)
    {
        File.WriteAllBytes(Folder["image.txt"], [137, 80, 78, 71, 0, 0, 0, 13]);
        File.WriteAllBytes(Folder["image.txt"], [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13]);
        Folder.Write("long.txt", new string('x', 70_000));

        ErrorRecord error = Run("New-NanoBananaImage " + argument).OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);

        Assert.Contains(word, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(argument.Split(' ')[1].TrimEnd('*'), $"{error.TargetObject}", StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Fact]
    public void Invalid_file_does_not_stop_the_other_files()
    {
        Folder.Write("hen.txt", "a\0b");
        Run("New-NanoBananaImage -PromptPath *.txt").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }

    [Fact]
    public void Missing_path_does_not_stop_the_other_files()
    {
        Run("New-NanoBananaImage -PromptPath fox.txt, nothing.txt, owl.txt").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }
}
