using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using NanoBanana.Client.Gallery;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>The page as a whole, and its file.</summary>
public sealed class PageTests : GalleryTest
{
    [Fact]
    public void Text_from_outside_is_only_text_in_the_page()
    {
        string before = Skeleton(WriteAndRead(HostileEntries(text => Regex.Replace(text, "[^a-z]", "x"))));
        Write(HostileEntries(text => text), title: Hostile[4], force: true);
        IDocument page = Read();

        Assert.Equal(before, Skeleton(page));
        Assert.Single(page.QuerySelectorAll("script"));
        Assert.Single(page.QuerySelectorAll("style"));
        Assert.All(
            page.All.SelectMany(element => element.Attributes),
            attribute => Assert.False(attribute.Name.StartsWith("on", StringComparison.Ordinal), attribute.Name));
        Assert.Contains(Hostile[0], page.QuerySelectorAll("h2").Select(heading => heading.TextContent));
        Assert.Equal(Hostile[4], page.Title);
    }

    [Fact]
    public void The_content_security_policy_allows_only_our_script_and_style()
    {
        IDocument page = WriteAndRead();
        string policy = page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content")!;
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src '{HashOf(page, "script")}'", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src '{HashOf(page, "style")}'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedded_page_needs_no_other_file()
    {
        Write([new GalleryEntry(Task("fox"), Image("fox.png"))], embed: true);
        Assert.Empty(Read().QuerySelectorAll("link, script[src], iframe, object, embed, img:not([src^='data:'])"));
        Assert.DoesNotContain("://", File.ReadAllText(Page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_landmarks_labels_and_text_for_screen_readers()
    {
        IDocument page = WriteAndRead(new GalleryEntry(Task("fox"), Image("fox.png")));
        Assert.Equal("en", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(
            ["header", "form", "main", "footer"],
            page.QuerySelectorAll("header, form[role=search], main, footer").Select(landmark => landmark.LocalName));
        Assert.NotNull(page.QuerySelector($"label[for='{page.QuerySelector("input[type=search]")!.Id}']"));
        Assert.NotNull(page.QuerySelector("fieldset > legend"));
        Assert.Equal("polite", page.QuerySelector("output")!.GetAttribute("aria-live"));
        Assert.Equal("#sheet", page.QuerySelector("body > a")!.GetAttribute("href"));
        Assert.All(page.QuerySelectorAll("img"), image => Assert.NotEqual("", image.GetAttribute("alt") ?? ""));
    }

    [Fact]
    public void Without_scripts_there_is_no_filter_and_prompts_are_not_collapsed()
    {
        IDocument page = WriteAndRead(new GalleryEntry(Task(new string('x', 500)), Image("fox.png")));
        Assert.True(page.QuerySelector("#filter")!.HasAttribute("hidden"));
        Assert.True(page.QuerySelector("button.more")!.HasAttribute("hidden"));
        Assert.Equal(500, page.QuerySelector("p.prompt")!.TextContent.Length);
    }

    [Fact]
    public void An_existing_page_is_kept_without_force()
    {
        File.WriteAllText(Page, "mine");
        Assert.Equal(NanoBananaErrorKind.FileExists, Assert.Throws<NanoBananaException>(() => Write([])).Kind);
        Assert.Equal("mine", File.ReadAllText(Page));
        Write([], force: true);
        Assert.NotEqual("mine", File.ReadAllText(Page));
    }

    [Fact]
    public void A_page_created_while_ours_is_written_is_kept()
    {
        using (var gallery = new GalleryWriter(new GalleryOptions { Path = Page, Title = "x" }))
        {
            File.WriteAllText(Page, "mine");
            Assert.Equal(NanoBananaErrorKind.FileExists, Assert.Throws<NanoBananaException>(() => gallery.Finish()).Kind);
        }
        Assert.Equal(["gallery.html"], Files());
        Assert.Equal("mine", File.ReadAllText(Page));
    }

    [Fact]
    public void An_unfinished_gallery_leaves_only_the_old_page()
    {
        File.WriteAllText(Page, "old");
        using (var gallery = new GalleryWriter(new GalleryOptions { Path = Page, Title = "x", Force = true }))
            gallery.Add(new GalleryEntry(Task("fox"), null), CancellationToken.None);
        Assert.Equal(["gallery.html"], Files());
        Assert.Equal("old", File.ReadAllText(Page));
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_WriteFailed()
    {
        File.WriteAllText(At("file"), "");
        NanoBananaException error = Assert.Throws<NanoBananaException>(
            () => new GalleryWriter(new GalleryOptions { Path = At("file/gallery.html"), Title = "x" }));
        Assert.Equal(NanoBananaErrorKind.WriteFailed, error.Kind);
    }

    [Fact]
    public void Embedding_many_images_uses_no_more_memory_than_one()
    {
        byte[] bytes = [.. Png, .. new byte[4 * 1024 * 1024]];
        GalleryEntry[] entries =
            [.. Enumerable.Range(0, 24).Select(i => new GalleryEntry(Task("fox", $"task{i}"), Image("fox.png", bytes)))];
        Write(entries.Take(1), embed: true);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(entries, embed: true, force: true);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(new FileInfo(Page).Length > 100 * 1024 * 1024);
        // All allocations together are smaller than two of the images.
        Assert.InRange(allocated, 0, 2L * bytes.Length);
    }

    [Fact]
    public void A_stop_ends_copying_an_image()
    {
        using var gallery = new GalleryWriter(new GalleryOptions { Path = Page, Title = "x", Embed = true });
        Assert.Throws<OperationCanceledException>(
            () => gallery.Add(new GalleryEntry(Task("fox"), Image("fox.png")), new CancellationToken(canceled: true)));
    }

    /// <summary>Entries with hostile text in every property.</summary>
    private GalleryEntry[] HostileEntries(Func<string, string> text) =>
    [
        .. Hostile.Select((attack, i) => new GalleryEntry(
            Task(text(attack) + new string('x', 300), text(attack)) with
            {
                Name = text(attack), Model = text(attack), AspectRatio = text(attack), Resolution = text(attack),
            },
            Image($"{i}.png"))),
        .. Hostile.Select(attack => new GalleryEntry(Failed(text(attack), text(attack), text(attack)), null)),
        .. Hostile.Select(attack => new GalleryEntry(Task("owl") with { Image = [], Text = text(attack) }, null)),
        .. Hostile.Select(
            attack => new GalleryEntry(null, Path.Combine(Folder, text(attack).Replace('/', '_').Replace('\0', '_') + ".png"))),
    ];

    /// <summary>All elements and the names of their attributes, without text.</summary>
    private static string Skeleton(IDocument page) =>
        string.Join(
            '\n',
            page.All.Select(element => $"{element.LocalName} {string.Join(' ', element.Attributes.Select(attribute => attribute.Name))}"));

    private static string HashOf(IDocument page, string element) =>
        "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.QuerySelector(element)!.TextContent)));

    private string[] Files() => [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path))];
}
