using AngleSharp.Dom;
using NanoBanana.Client.Gallery;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>The texts that a card offers to copy.</summary>
public sealed class CopyTests : GalleryTest
{
    [Fact]
    public void The_command_generates_the_image_again() => Assert.Equal(
        "New-NanoBananaImage -Prompt 'a red fox' -ImageUrl 'https://example.com/a.png','https://example.com/b.png'"
            + " -AspectRatio 16:9 -Resolution 2K -ResponseModality Text,Image",
        CommandOf(Task("a red fox") with
        {
            ImageUrl = ["https://example.com/a.png", "https://example.com/b.png"], ResponseModality = ["Text", "Image"],
            Model = ImageModel.DefaultId,
        }));

    [Theory]
    [InlineData("it's", "'it''s'")]
    [InlineData("‘a’ ‚b‛", "'‘‘a’’ ‚‚b‛‛'")]
    [InlineData("$(Remove-Item x) `\" & | ; #", "'$(Remove-Item x) `\" & | ; #'")]
    [InlineData("two\nlines", "'two\nlines'")]
    [InlineData("-Model", "'-Model'")]
    [InlineData("\u001B[31mred\u0007", "'[31mred'")]
    public void Every_prompt_is_one_argument(string prompt, string argument) =>
        Assert.Equal(
            $"New-NanoBananaImage -Prompt {argument} -Model 'x; y'",
            CommandOf(Task(prompt) with { AspectRatio = null, Resolution = null, Model = "x; y" }));

    [Fact]
    public void Without_a_known_input_image_there_is_no_command() =>
        Assert.Null(CommandOf(Task("fox") with { ImageUrl = ["data:image/png;base64,(12 bytes, SHA-256 00, not kept)"] }));

    [Fact]
    public void Without_a_prompt_there_is_no_copy_button_and_without_scripts_it_is_hidden()
    {
        IDocument page = WriteAndRead(
            new GalleryEntry(null, Image("holiday.png")),
            new GalleryEntry(Task("fox"), Image("fox.png")),
            new GalleryEntry(Failed("elk", "no"), null));
        Assert.Equal([0, 1, 1], page.QuerySelectorAll(".card").Select(card => card.QuerySelectorAll(".copy").Length));
        Assert.All(page.QuerySelectorAll(".copy"), copy => Assert.True(copy.HasAttribute("hidden")));
    }

    private string? CommandOf(ImageTask task) =>
        WriteAndRead(new GalleryEntry(task, null)).QuerySelector("[data-command]")?.GetAttribute("data-command");
}
