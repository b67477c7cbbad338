namespace NanoBanana.Module.Tests.Prompts;

public sealed class ImageAddressTests : ModuleTest
{
    [Fact]
    public void Address_of_an_image_made_by_a_task_is_sent_unchanged()
    {
        Run("""
            $first = New-NanoBananaImage 'a red fox' -Wait
            New-NanoBananaImage 'the same fox at night' -ImageUrl $first.Image[0].Url
            """).Ok();

        string address = Emulator.Tasks[0].Id;
        Assert.Contains(address, Bodies[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Prompt_file_that_is_not_UTF8_is_refused_before_it_is_submitted()
    {
        File.WriteAllBytes(Path.Combine(Folder.Path, "ansi.txt"), [(byte)'f', 0xFC, (byte)'r']);

        ErrorRecord error = Assert.Single(Run("New-NanoBananaImage -PromptPath ansi.txt").Errors);

        Assert.Equal("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", error.FullyQualifiedErrorId);
        Assert.Contains("UTF-8", error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }
}
