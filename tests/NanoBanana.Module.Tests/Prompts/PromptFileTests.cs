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
    public void Path_takes_wildcards_and_places_relative_to_the_sessions_location()
    {
        Run("New-NanoBananaImage -Path *.txt").Good();
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }

    [Fact]
    public void LiteralPath_takes_brackets_as_they_are()
    {
        Folder.Write("[1].txt", "one");
        Folder.Write("1.txt", "not this");
        Run("New-NanoBananaImage -LiteralPath '[1].txt'").Good();
        Assert.Equal(["one"], Prompts);
    }

    [Theory]
    [InlineData("-Path nothing.txt", "nothing.txt")]
    [InlineData("-Path nothing*.txt", "nothing*.txt")]
    [InlineData("-LiteralPath nothing.txt", "nothing.txt")]
    [InlineData("-LiteralPath picture.txt", "not a text file")]
    [InlineData("-LiteralPath long.txt", "larger than a prompt")]
    public void A_file_that_is_no_prompt_is_an_error_about_that_file(string argument, string word)
    {
        File.WriteAllBytes(Folder["picture.txt"], [137, 80, 78, 71, 0, 0, 0, 13]);
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
        Run("New-NanoBananaImage -Path *.txt").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }

    [Fact]
    public void A_missing_path_keeps_no_other_from_being_sent()
    {
        Run("New-NanoBananaImage -Path fox.txt, nothing.txt, owl.txt").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(["a red fox,\nin snow", "an owl"], Prompts);
    }
}
