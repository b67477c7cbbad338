using System.Security.Cryptography;
using AngleSharp.Dom;
using NanoBanana.Client.Files;
using NanoBanana.Client.Gallery;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>The inputs of an image, on its card.</summary>
public sealed class LineageTests : GalleryTest
{
    private const string Note = "data:image/png;base64,(12 bytes, SHA-256 00, not kept)";

    [Fact]
    public void An_edited_image_shows_its_input_with_a_link()
    {
        Image("photos/me & you.png");
        IElement card = WriteAndRead(Edit("hat.png", "photos/me & you.png")).QuerySelector(".card")!;

        IElement source = Assert.Single(card.QuerySelectorAll(".sources li"));
        Assert.Equal("photos/me%20%26%20you.png", source.QuerySelector("a > img")!.GetAttribute("src"));
        Assert.Equal(["photos/me%20%26%20you.png"], source.QuerySelectorAll("a").Select(link => link.GetAttribute("href")).Distinct());
        Assert.Equal("me & you.png", source.TextContent.Trim());
        Assert.Equal("hat.png", card.QuerySelector(".frame img")!.GetAttribute("src"));
        Assert.EndsWith(
            "-ImagePath 'photos/me & you.png' -AspectRatio 16:9 -Resolution 2K",
            card.QuerySelector("[data-command]")!.GetAttribute("data-command"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_keep_their_order_and_a_URL_is_a_link_that_loads_nothing()
    {
        ImageTask task = Task("fox") with
        {
            ImageUrl = ["https://example.com/a/b.png?signature=secret", Note, Note],
            ImagePath = [Image("one.png")],
        };
        IDocument page = WriteAndRead([.. GalleryEntry.OfTask(task with { Image = [] }, null)]);

        Assert.Equal(
            ["example.com/a/b.png", "one.png", "an image that is not stored"],
            page.QuerySelectorAll(".sources li").Select(item => item.TextContent.Trim()));
        IElement link = page.QuerySelector(".sources li a")!;
        Assert.Equal(
            ("https://example.com/a/b.png?signature=secret", "noreferrer noopener"), (link.GetAttribute("href"), link.GetAttribute("rel")));
        Assert.Equal(["one.png"], page.QuerySelectorAll("img").Select(image => image.GetAttribute("src")));
    }

    [Theory]
    [InlineData("javascript:window.pwned = 1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not an address")]
    public void Only_web_addresses_are_links(string url)
    {
        IDocument page = WriteAndRead([.. GalleryEntry.OfTask(Task("fox") with { Image = [], ImageUrl = [url] }, null)]);
        Assert.Equal($"{url}", Assert.Single(page.QuerySelectorAll(".sources li")).TextContent.Trim());
        Assert.Empty(page.QuerySelectorAll(".card a"));
    }

    [Fact]
    public void A_missing_input_or_one_that_is_not_an_image_is_a_name_with_the_reason()
    {
        File.WriteAllText(At("text.png"), "text");
        IDocument page = WriteAndRead(Edit("hat.png", "gone.png"), Edit("hut.png", "text.png"));
        Assert.Equal(
            ["gone.png no longer exists.", "text.png is not an image."],
            page.QuerySelectorAll(".sources li").Select(item => item.TextContent.Trim()));
        Assert.Empty(page.QuerySelectorAll(".sources a, .sources img"));
    }

    [Fact]
    public void An_input_that_is_a_task_shows_its_prompt_and_refers_to_the_card_of_its_file()
    {
        File.WriteAllText(
            At("fox.json"), """{"Schema":1,"Prompt":"a red fox","Id":"t1","File":{"Name":"fox.png","Length":1,"Sha256":"00"}}""");
        IDocument page = WriteAndRead(GalleryEntry.OfFile(Image("fox.png"), null, null), Edit("hat.png", "fox.png"));
        Assert.Equal("fox.png a red fox", page.QuerySelector(".sources li")!.TextContent.Trim());
        IElement[] cards = [.. page.QuerySelectorAll(".card")];
        Assert.Equal(cards[0].GetAttribute("data-file"), cards[1].QuerySelector(".sources li")!.GetAttribute("data-file"));
        Assert.NotEqual(cards[0].GetAttribute("data-file"), cards[1].GetAttribute("data-file"));
        Assert.Equal(["card-1", "card-2"], cards.Select(card => card.Id));
    }

    [Fact]
    public void In_an_embedded_page_inputs_are_small_or_thumbnails()
    {
        File.WriteAllBytes(At("photo.png"), ThumbnailTests.Noise(600, 600));
        using (var gallery = new GalleryPages(new GalleryOptions { Path = Page, Title = "x", Embed = true }))
        {
            gallery.Add(Edit("hat.png", "photo.png"), CancellationToken.None);
            gallery.Add(Edit("hut.png", "hat.png"), CancellationToken.None);
            gallery.Finish();
        }
        string small = $"data:image/png;base64,{Convert.ToBase64String(Png)}";
        string[] shown = [.. Read().QuerySelectorAll("img").Select(image => image.GetAttribute("src")!)];
        Assert.StartsWith("data:image/webp;base64,", shown[1], StringComparison.Ordinal);
        Assert.Equal([small, small, small], [shown[0], .. shown[2..]]);
        Assert.Empty(Read().QuerySelectorAll(".card a"));
        Assert.Empty(Directory.GetDirectories(Folder));
    }

    [Fact]
    public void In_a_large_gallery_inputs_have_thumbnails()
    {
        File.WriteAllBytes(At("photo.png"), ThumbnailTests.Noise(600, 600));
        using (var gallery = new GalleryPages(new GalleryOptions { Path = Page, Title = "x", LargeBytes = 100_000 }))
        {
            gallery.Add(Edit("hat.png", "photo.png"), CancellationToken.None);
            gallery.Finish();
        }
        Assert.StartsWith("gallery_files/", Read().QuerySelector(".sources img")!.GetAttribute("src"), StringComparison.Ordinal);
        Assert.Equal("photo.png", Read().QuerySelector(".sources a")!.GetAttribute("href"));
    }

    [Fact]
    public void If_an_embedded_input_can_no_longer_be_read_the_cards_before_it_stay()
    {
        string input = Image("photo.png");
        bool wasOpened = false;
        FileStream OpenInputOnce(string path) => path != input || !wasOpened
            ? RegularFile.Open(WithMark(path))
            : throw new FileNotFoundException("The file was removed.", path);
        string WithMark(string path)
        {
            wasOpened |= path == input;
            return path;
        }
        ImageTask failed = Failed("add a hat", "no") with { ImageUrl = [Note], ImagePath = [input] };
        var options = new GalleryOptions { Path = Page, Title = "Drafts", Embed = true, OpenImage = OpenInputOnce };
        using (var gallery = new GalleryWriter(options))
        {
            gallery.Add(GalleryEntry.OfFile(Image("owl.png"), Task("an owl", "task1"), null), CancellationToken.None);
            Assert.Throws<NanoBananaException>(
                () => gallery.Add(Assert.Single(GalleryEntry.OfTask(failed, null)), CancellationToken.None));
            gallery.Finish();
        }

        Assert.Equal("Drafts", Read().Title);
        Assert.Equal(["an owl", "add a hat"], Read().QuerySelectorAll(".card h2").Select(heading => heading.TextContent.Trim()));
    }

    [Theory]
    [InlineData("in.png", "elsewhere/gone.png", true, "in.png")]
    [InlineData("../../somewhere/gone.png", "in.png", true, "in.png")]
    [InlineData("in.png", "in.png", false, null)]
    public void A_file_named_in_metadata_is_shown_only_if_it_is_the_submitted_one(string relative, string full, bool isSame, string? shown)
    {
        Image("in.png");
        string hash = isSame ? Convert.ToHexStringLower(SHA256.HashData(Png)) : "00";
        File.WriteAllText(At("hat.json"), $$$"""
            {"Schema":1,"Prompt":"add a hat","Id":"t1","ImageUrl":["{{{Note}}}"],
             "ImagePath":["{{{At(full).Replace("\\", "\\\\", StringComparison.Ordinal)}}}"],
             "MadeFrom":[{"Path":"{{{relative}}}","Sha256":"{{{hash}}}"}],"File":{"Name":"hat.png","Length":1,"Sha256":"00"}}
            """);
        IDocument page = WriteAndRead(GalleryEntry.OfFile(Image("hat.png"), null, null));
        Assert.Equal(shown, page.QuerySelector(".sources img")?.GetAttribute("src"));
        if (!isSame)
            Assert.Equal("in.png has changed since the request.", page.QuerySelector(".sources li")!.TextContent.Trim());
    }

    [Theory]
    [InlineData("""{"Path":null}""")]
    [InlineData("""{"Path":"in.png"}""")]
    [InlineData("""{"Path":"in\u0000.png","Sha256":"00"}""")]
    [InlineData("""{"Path":"//server/share/in.png","Sha256":"00"}""")]
    [InlineData("null")]
    public void Invalid_metadata_shows_no_input_and_still_creates_a_card(string source)
    {
        Image("in.png");
        File.WriteAllText(At("hat.json"), $$$"""
            {"Schema":1,"Prompt":"add a hat","Id":"t1","ImagePath":["/no/in.png",null],
             "MadeFrom":[{{{source}}}],"File":{"Name":"hat.png","Length":1,"Sha256":"00"}}
            """);
        IDocument page = WriteAndRead(GalleryEntry.OfFile(Image("hat.png"), null, null));
        Assert.Equal("saved", page.QuerySelector(".card")!.GetAttribute("data-state"));
        Assert.Single(page.QuerySelectorAll(".sources li"));
        Assert.Empty(page.QuerySelectorAll(".sources img"));
    }

    /// <summary>A card of an image that was made from other images.</summary>
    private GalleryEntry Edit(string name, params string[] sources) => GalleryEntry.OfFile(
        Image(name),
        Task("add a hat", $"task-{name}") with { ImageUrl = [.. sources.Select(_ => Note)], ImagePath = [.. sources.Select(At)] },
        null);
}
