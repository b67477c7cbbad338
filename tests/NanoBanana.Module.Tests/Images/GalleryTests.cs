namespace NanoBanana.Module.Tests.Images;

public sealed class GalleryTests : ModuleTest
{
    private const string Export = "NanoBanana.Commands.ExportNanoBananaGalleryCommand";

    private string Html => File.ReadAllText(Folder["page.html"]);

    [Fact]
    public void Pipeline_can_end_in_a_gallery_without_a_journal()
    {
        Run("""
            'fox', 'owl' | New-NanoBananaImage | Save-NanoBananaImage -Destination images |
                Export-NanoBananaGallery page.html -Title 'My <zoo>'
            """).Ok();
        Assert.Contains("<h1>My &lt;zoo&gt;</h1>", Html, StringComparison.Ordinal);
        Assert.Contains("alt=\"fox\"", Html, StringComparison.Ordinal);
        Assert.Contains("src=\"images/owl-", Html, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiKey, Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_needs_no_connection_and_sends_nothing()
    {
        Run("$tasks = 'fox', 'elk [fail:5001095]' | New-NanoBananaImage -Wait -ErrorAction SilentlyContinue; Disconnect-NanoBanana");
        long before = Emulator.Counters.ConnectionsAccepted;
        Run("$tasks | Export-NanoBananaGallery page").Ok();
        Assert.Contains("class=\"card\" data-state=\"missing\"", Html, StringComparison.Ordinal);
        Assert.Contains("class=\"card\" data-state=\"failed\"", Html, StringComparison.Ordinal);
        Assert.Equal(before, Emulator.Counters.ConnectionsAccepted);
    }

    [Fact]
    public void Existing_page_is_kept_without_Force()
    {
        Folder.Write("page.html", "mine");
        Run("New-NanoBananaImage fox | Export-NanoBananaGallery page.html").OnlyError($"FileExists,{Export}", ErrorCategory.ResourceExists);
        Assert.Equal("mine", Html);
        Run("New-NanoBananaImage fox | Export-NanoBananaGallery page.html -Force").Ok();
        Assert.NotEqual("mine", Html);
    }

    [Theory]
    [InlineData("page.png")]
    [InlineData("'.'")]
    [InlineData("Variable:page.html")]
    public void Invalid_page_path_is_refused(string path) =>
        Run($"New-NanoBananaImage fox | Export-NanoBananaGallery {path}")
            .OnlyError($"InvalidRequest,{Export}", ErrorCategory.InvalidArgument);

    [Fact]
    public void Input_that_is_not_an_image_fails_alone()
    {
        ShellResult result = Run("'text', 5, @{ a = 1 }, (New-NanoBananaImage fox) | Export-NanoBananaGallery page");
        Assert.All(result.Errors, error => Assert.Equal($"InvalidRequest,{Export}", error.FullyQualifiedErrorId));
        Assert.Equal(3, result.Errors.Count);
        Assert.Single(result.Output);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Run("New-NanoBananaImage fox | Export-NanoBananaGallery out/page -WhatIf").Ok();
        Assert.Empty(Folder.Files);
    }

    [Fact]
    public void Terminated_pipeline_keeps_the_old_page_and_leaves_no_other_file()
    {
        Folder.Write("page.html", "old");
        Assert.NotNull(Run("""
            $ErrorActionPreference = 'Stop'
            New-NanoBananaImage fox | ForEach-Object { $_; throw 'enough' } | Export-NanoBananaGallery page -Force
            """).Failure);
        Assert.Equal(["page.html"], Folder.Files);
        Assert.Equal("old", Html);
    }
}
