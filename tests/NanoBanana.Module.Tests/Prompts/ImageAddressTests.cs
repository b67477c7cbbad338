namespace NanoBanana.Module.Tests.Prompts;

public sealed class ImageAddressTests : ModuleTest
{
    [Fact]
    public void The_address_of_an_image_that_a_task_made_is_taken_as_it_is()
    {
        Run("""
            $first = New-NanoBananaImage 'a red fox' -Wait
            New-NanoBananaImage 'the same fox at night' -ImageUrl $first.Image[0].Url
            """).Good();

        string address = Emulator.Tasks[0].Id;
        Assert.Contains(address, Bodies[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_file_that_is_not_utf_8_is_refused_before_another_prompt_is_bought_in_its_place()
    {
        File.WriteAllBytes(Path.Combine(Folder.Path, "ansi.txt"), [(byte)'f', 0xFC, (byte)'r']);

        ErrorRecord error = Assert.Single(Run("New-NanoBananaImage -PromptPath ansi.txt").Errors);

        Assert.Equal("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", error.FullyQualifiedErrorId);
        Assert.Contains("UTF-8", error.ToString(), StringComparison.Ordinal);
        NothingWasSent();
    }
}
