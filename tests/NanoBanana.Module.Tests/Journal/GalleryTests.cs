using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Journal;

public sealed class GalleryTests : JournalModuleTest
{
    private const string Export = "NanoBanana.Commands.ExportNanoBananaGalleryCommand";

    [Fact]
    public void Gallery_of_a_batch_shows_images_and_failures_in_input_order()
    {
        Run("'fox', 'elk [fail:5001095]', 'owl' | New-NanoBananaImage -Batch zoo | Save-NanoBananaImage -Destination images");

        PSObject page = Assert.Single(Run("Export-NanoBananaGallery out/zoo -Batch zoo").Ok());

        Assert.Equal(Folder["out/zoo.html"], Assert.IsType<FileInfo>(page.BaseObject).FullName);
        Assert.Equal(["fox", "elk [fail:5001095]", "owl"], Headings("out/zoo.html"));
        Assert.Equal(2, Regex.Count(Html("out/zoo.html"), "<img [^>]*src=\"\\.\\./images/"));
        Assert.Contains("005001095", Html("out/zoo.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_files_and_batches_give_the_same_gallery()
    {
        Run("""
            'fox', 'owl' | New-NanoBananaImage -Batch zoo -ThrottleLimit 1 |
                Save-NanoBananaImage -Destination images -FileName '{prompt}'
            """).Ok();
        Shell["files"] = new[] { new FileInfo(Folder["images/fox.png"]), new FileInfo(Folder["images/owl.png"]) };
        foreach (string source in (string[])["Get-NanoBananaTask -Batch zoo", "Get-NanoBananaBatch zoo", "$files"])
        {
            Run($"{source} | Export-NanoBananaGallery page.html -Force").Ok();
            Assert.Equal(["fox", "owl"], Headings("page.html").Order());
            Assert.Equal(2, Regex.Count(Html("page.html"), "<dt>Tokens</dt>"));
            Assert.Equal(2, Regex.Count(Html("page.html"), "<img "));
        }
    }

    [Fact]
    public void Image_that_is_not_saved_or_was_deleted_is_shown_as_missing()
    {
        Run("'fox', 'owl' | New-NanoBananaImage -Batch zoo -Wait").Ok();
        Run("(Get-NanoBananaTask -Batch zoo)[0] | Save-NanoBananaImage -FileName gone").Ok();
        File.Delete(Folder["gone.png"]);
        Run("Export-NanoBananaGallery page -Batch zoo").Ok();
        Assert.Equal(2, Regex.Count(Html("page.html"), "class=\"card\" data-state=\"missing\""));
        Assert.Contains("gone.png no longer exists.", Html("page.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_batch_is_an_error_and_writes_no_page()
    {
        Run("Export-NanoBananaGallery page -Batch nowhere").OnlyError($"TaskNotFound,{Export}", ErrorCategory.ObjectNotFound);
        SetJournal("off");
        Run("Export-NanoBananaGallery page -Batch zoo").OnlyError($"JournalRequired,{Export}", ErrorCategory.ResourceUnavailable);
        Assert.DoesNotContain("page.html", Folder.Files);
    }

    [Fact]
    public void Batches_are_offered_newest_first()
    {
        Run("New-NanoBananaImage fox -Batch zoo-1; New-NanoBananaImage fox -Batch 'zoo 2'").Ok();
        const string Line = "Export-NanoBananaGallery x -Batch ";
        Shell["line"] = Line;
        IReadOnlyList<PSObject> offered =
            Run("[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches").Ok();
        Assert.Equal(["'zoo 2'", "zoo-1"], offered.Select(match => match.Text("CompletionText")));
    }

    private string Html(string page) => File.ReadAllText(Folder[page]);

    private string[] Headings(string page) =>
        [.. Regex.Matches(Html(page), "<h2 dir=\"auto\">(.*?)</h2>").Select(match => match.Groups[1].Value)];
}
