namespace NanoBanana.Module.Tests.BadInput;

public sealed class BadDestinationTests : ModuleTest
{
    [Theory]
    [InlineData("-Destination taken.txt", "is a file")]
    [InlineData("-Destination . -FileName '{nmae}'", "{nmae}")]
    [InlineData("-Destination . -FileName '{name'", "brace")]
    [InlineData("-Destination . -FileName '../{name}'", "leaves the destination")]
    [InlineData("-Destination . -FileName '{index:q}'", "format")]
    public void Invalid_destination_is_reported_before_anything_is_submitted(string arguments, string word)
    {
        Folder.Write("taken.txt", "");
        ShellResult result = Run($"'fox' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage {arguments}");

        ErrorRecord error = result.OnlyError(
            "InvalidRequest,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Contains(word, error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Theory]
    [InlineData("taken.png", "FileExists", ErrorCategory.ResourceExists)]
    [InlineData("folder", "InvalidRequest", ErrorCategory.InvalidArgument)]
    [InlineData("nowhere/fox.png", "InvalidRequest", ErrorCategory.InvalidArgument)]
    public void Unusable_OutFile_is_reported_before_anything_is_submitted(string file, string errorId, ErrorCategory category)
    {
        Folder.Write("taken.png", "kept");
        Directory.CreateDirectory(Folder["folder"]);

        Run($"New-NanoBananaImage fox -OutFile {file}").OnlyError($"{errorId},NanoBanana.Commands.NewNanoBananaImageCommand", category);

        Assert.Equal("kept", File.ReadAllText(Folder["taken.png"]));
        AssertNothingSent();
    }

    [Fact]
    public void Two_prompts_for_one_OutFile_are_refused_before_either_is_sent()
    {
        Run("New-NanoBananaImage fox, owl -OutFile fox.png").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        AssertNothingSent();
    }

    [Fact]
    public void A_second_prompt_of_a_pipeline_to_OutFile_is_refused_before_it_is_sent()
    {
        ShellResult result = Run("'', 'fox', 'owl' | New-NanoBananaImage -OutFile fox.png");

        ErrorRecord error = result.OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal("owl", $"{error.TargetObject}");
        Assert.Single(result.Output);
        Assert.Equal(["fox"], Emulator.Tasks.Select(t => t.Prompt));
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_file_that_another_task_did_not_write_is_kept_without_Force()
    {
        Folder.Write("fox.png", "kept");
        const string Save = "New-NanoBananaImage fox | Get-NanoBananaTask | Save-NanoBananaImage -FileName '{name}'";

        ErrorRecord error = Run(Save).OnlyError("FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.ResourceExists);
        Assert.Equal(Emulator.Tasks[0].Id, error.Target().Text("Id"));
        Assert.Equal("kept", File.ReadAllText(Folder["fox.png"]));
        Assert.Equal(0, Emulator.Counters.Downloads);

        Run(Save + " -Force").Ok();
        Assert.Equal((1024, 1024), Reading.PixelSize(Folder["fox.png"]));
    }
}
