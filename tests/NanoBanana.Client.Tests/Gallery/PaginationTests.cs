using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NanoBanana.Client.Gallery;

namespace NanoBanana.Client.Tests.Gallery;

public sealed class PaginationTests : GalleryTest
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(7, 3)]
    public void Pages_contain_all_cards_and_link_to_each_other(int cards, int pages)
    {
        WritePages(cards);

        string[] files = [.. Enumerable.Range(1, pages).Select(page => page == 1 ? "gallery.html" : $"gallery-{page}.html")];
        Assert.Equal(
            files.Order(StringComparer.Ordinal), Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        IDocument[] documents = [.. files.Select(file => new HtmlParser().ParseDocument(File.ReadAllText(At(file))))];
        Assert.Equal(
            Enumerable.Range(0, cards).Select(i => $"prompt {i}"),
            documents.SelectMany(page => page.QuerySelectorAll("#cards h2")).Select(heading => heading.TextContent));
        for (int i = 0; i < pages; i++)
        {
            string[] expected = [.. new[] { i > 0 ? files[i - 1] : null, i < pages - 1 ? files[i + 1] : null }.OfType<string>()];
            Assert.Equal(expected, documents[i].QuerySelectorAll("footer a").Select(link => link.GetAttribute("href")));
        }
    }

    [Fact]
    public void An_unfinished_gallery_leaves_no_file()
    {
        using (var gallery = new GalleryPages(Options()))
        {
            for (int i = 0; i < 8; i++)
                gallery.Add(new GalleryEntry(Task($"prompt {i}"), null), CancellationToken.None);
        }
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void An_existing_second_page_is_kept_without_force()
    {
        File.WriteAllText(At("gallery-2.html"), "mine");
        Assert.Equal(NanoBananaErrorKind.FileExists, Assert.Throws<NanoBananaException>(() => WritePages(5)).Kind);
        Assert.Equal("mine", File.ReadAllText(At("gallery-2.html")));
        Assert.False(File.Exists(Page));

        WritePages(5, force: true);
        Assert.NotEqual("mine", File.ReadAllText(At("gallery-2.html")));
    }

    private GalleryOptions Options(bool force = false) => new() { Path = Page, Title = "Drafts", CardsPerPage = 3, Force = force };

    private void WritePages(int cards, bool force = false)
    {
        using var gallery = new GalleryPages(Options(force));
        for (int i = 0; i < cards; i++)
            gallery.Add(new GalleryEntry(Task($"prompt {i}"), null), CancellationToken.None);
        gallery.Finish();
    }
}
