using AngleSharp.Dom;
using NanoBanana.Client.Gallery;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>The content of a card, read with an HTML parser.</summary>
public sealed class CardTests : GalleryTest
{
    [Fact]
    public void A_card_shows_the_image_and_all_known_values()
    {
        IDocument page = WriteAndRead(new GalleryEntry(Task("a red fox asleep in fresh snow") with { Name = "fox" }, Image("fox.png")));

        IElement card = Assert.Single(page.QuerySelectorAll(".card"));
        Assert.Equal("saved", card.GetAttribute("data-state"));
        Assert.Equal("fox", card.QuerySelector("h2")!.TextContent);
        Assert.Equal("a red fox asleep in fresh snow", card.QuerySelector("p.prompt")!.TextContent);
        Assert.Equal(
            ($"2 × 1, {Png.Length} B", "16:9, 2K", "1,141", "12.3 s", "fox.png", "task1"),
            (Fact(card, "Size"), Fact(card, "Requested"), Fact(card, "Tokens"), Fact(card, "Duration"), Fact(card, "File"),
                Fact(card, "Task")));
        IElement image = card.QuerySelector("a[href='fox.png'] > img[src='fox.png']")!;
        Assert.Equal(
            ("a red fox asleep in fresh snow", "2", "1", "lazy"),
            (image.GetAttribute("alt"), image.GetAttribute("width"), image.GetAttribute("height"), image.GetAttribute("loading")));
    }

    [Fact]
    public void An_image_can_be_embedded_in_the_page()
    {
        byte[] large = [.. Png, .. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        Write(
            [new GalleryEntry(Task("fox"), Image("fox.png", large)), new GalleryEntry(Task("owl", "task2"), Image("owl.dat", Gif))],
            embed: true);

        string[] sources = [.. Read().QuerySelectorAll("img").Select(image => image.GetAttribute("src")!)];
        Assert.Equal(
            [$"data:image/png;base64,{Convert.ToBase64String(large)}", $"data:image/gif;base64,{Convert.ToBase64String(Gif)}"], sources);
        Assert.Empty(Read().QuerySelectorAll("a[href$='.png']"));
    }

    [Theory]
    [InlineData("in a folder/fox.png", "in%20a%20folder/fox.png")]
    [InlineData("100%25 #1 ?.png", "100%2525%20%231%20%3F.png")]
    [InlineData("a&b;c=\"d'.png", "a%26b%3Bc%3D%22d%27.png")]
    [InlineData("javascript:alert(1).png", "javascript%3Aalert%281%29.png")]
    [InlineData("雪.png", "%E9%9B%AA.png")]
    [InlineData("../beside/fox.png", "../beside/fox.png")]
    public void Links_are_relative_and_resolve_for_every_file_name(string name, string address)
    {
        if (OperatingSystem.IsWindows() && name.IndexOfAny([':', '"', '?']) >= 0)
            return;
        Directory.CreateDirectory(At("page"));
        string path = Path.GetFullPath(Path.Combine(Folder, "page", name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Png);
        using (var gallery = new GalleryWriter(new GalleryOptions { Path = Path.Combine(Folder, "page", "gallery.html"), Title = "x" }))
        {
            gallery.Add(new GalleryEntry(null, path), CancellationToken.None);
            gallery.Finish();
        }

        IDocument page = new AngleSharp.Html.Parser.HtmlParser()
            .ParseDocument(File.ReadAllText(Path.Combine(Folder, "page", "gallery.html")));
        Assert.Equal(address, page.QuerySelector("img")!.GetAttribute("src"));
        Assert.Equal(path, Path.GetFullPath(Path.Combine(Folder, "page", Uri.UnescapeDataString(address))));
    }

    [Fact]
    public void The_card_of_a_failed_task_shows_the_reason()
    {
        IElement card = WriteAndRead(new GalleryEntry(Failed("a broken fox", "Content was refused"), null)).QuerySelector(".card")!;
        Assert.Equal(("failed", "Failed"), (card.GetAttribute("data-state"), card.QuerySelector(".frame")!.TextContent));
        Assert.Equal("005001095 Content was refused", card.QuerySelector(".reason")!.TextContent);
        Assert.Equal("a broken fox", card.QuerySelector("h2")!.TextContent);
        Assert.Equal("task2", Fact(card, "Task"));
    }

    [Theory]
    [InlineData(ImageTaskStatus.Canceled, "failed", "Canceled")]
    [InlineData(ImageTaskStatus.Unknown, "failed", "Unknown")]
    [InlineData(ImageTaskStatus.Running, "running", "Not done")]
    [InlineData(ImageTaskStatus.Pending, "running", "Not done")]
    [InlineData(ImageTaskStatus.Completed, "failed", "No image")]
    public void The_card_of_a_task_without_an_image_shows_its_status(ImageTaskStatus status, string state, string title)
    {
        IElement card = WriteAndRead(new GalleryEntry(Task("fox") with { Status = status, Image = [], Text = "I would rather not." }, null))
            .QuerySelector(".card")!;
        Assert.Equal((state, title), (card.GetAttribute("data-state"), card.QuerySelector(".frame")!.TextContent));
        Assert.NotEmpty(card.QuerySelector(".reason")!.TextContent);
        Assert.Equal(status == ImageTaskStatus.Completed, card.TextContent.Contains("I would rather not.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_file_or_one_that_is_not_an_image_is_shown_on_its_card()
    {
        File.WriteAllText(At("page.png"), "<html><script>alert(1)</script></html>");
        IDocument page = WriteAndRead(
            new GalleryEntry(Task("fox"), At("gone.png")),
            new GalleryEntry(Task("owl"), At("page.png")),
            new GalleryEntry(Task("elk"), At("no/such/folder.png")),
            new GalleryEntry(Task("ant"), null));
        Assert.Equal(
            ["missing", "missing", "missing", "missing"], page.QuerySelectorAll(".card").Select(card => card.GetAttribute("data-state")));
        string[] reasons = [.. page.QuerySelectorAll(".reason").Select(reason => reason.TextContent)];
        Assert.Equal(["gone.png no longer exists.", "page.png is not an image.", "folder.png no longer exists."], reasons.Take(3));
        Assert.Empty(page.QuerySelectorAll("img, a[href$='.png']"));
    }

    [Theory]
    [InlineData(-1, "bad.png no longer exists.")]
    [InlineData(0, "bad.png can't be read: Input/output error")]
    [InlineData(100_000, "bad.png can't be read: Input/output error")]
    public void An_image_that_becomes_unreadable_is_reported_and_the_others_are_shown(int readable, string problem)
    {
        byte[] large = [.. Png, .. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        string bad = Image("bad.png", large);
        int opened = 0;
        FileStream Open(string path)
        {
            if (path != bad || opened++ == 0)
                return File.OpenRead(path);
            if (readable < 0)
                File.Delete(path);
            return new TornFile(path, readable);
        }
        using (var gallery = new GalleryWriter(new GalleryOptions { Path = Page, Title = "x", Embed = true, OpenImage = Open }))
        {
            gallery.Add(new GalleryEntry(Task("fox"), Image("fox.png", large)), CancellationToken.None);
            var error = Assert.Throws<NanoBananaException>(
                () => gallery.Add(new GalleryEntry(Task("owl", "task2"), bad), CancellationToken.None));
            Assert.Equal((NanoBananaErrorKind.InvalidRequest, problem), (error.Kind, error.Message));
            gallery.Add(new GalleryEntry(Task("elk", "task3"), Image("elk.gif", Gif)), CancellationToken.None);
            gallery.Finish();
        }

        IDocument page = Read();
        Assert.Equal(
            [("fox", "saved"), ("owl", "missing"), ("elk", "saved")],
            page.QuerySelectorAll(".card").Select(card => (card.QuerySelector("h2")!.TextContent, card.GetAttribute("data-state")!)));
        Assert.Equal(problem, page.QuerySelector(".reason")!.TextContent);
        Assert.Equal(
            [$"data:image/png;base64,{Convert.ToBase64String(large)}", $"data:image/gif;base64,{Convert.ToBase64String(Gif)}"],
            page.QuerySelectorAll("img").Select(image => image.GetAttribute("src")!));
        Assert.StartsWith(
            "2 images · 1 without a file · 3,423 tokens", page.QuerySelector(".summary")!.TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_known_values_is_shown_with_its_name()
    {
        IElement card = WriteAndRead(new GalleryEntry(null, Image("holiday.png"))).QuerySelector(".card")!;
        Assert.Equal(
            ("holiday.png", "holiday.png"), (card.QuerySelector("h2")!.TextContent, card.QuerySelector("img")!.GetAttribute("alt")));
    }

    [Fact]
    public void The_summary_counts_the_cards()
    {
        ImageTask two = Task("two images") with { TotalTokens = 2000 };
        IDocument page = WriteAndRead(
            new GalleryEntry(two, Image("a.png")),
            new GalleryEntry(two, Image("b.png")),
            new GalleryEntry(Task("owl", "task3"), At("gone.png")),
            new GalleryEntry(Failed("elk", "no"), null));
        Assert.Equal(
            $"2 images · 1 failed · 1 without a file · 3,141 tokens · {2 * Png.Length} B",
            page.QuerySelector(".summary")!.TextContent.Trim());
    }

    [Fact]
    public void A_page_without_entries_is_valid() =>
        Assert.Equal("0 images", WriteAndRead().QuerySelector(".summary")!.TextContent.Trim());

    [Fact]
    public void An_image_gets_its_task_from_the_json_beside_it()
    {
        File.WriteAllText(
            At("fox.json"),
            """
            {"Schema":1,"Prompt":"a red fox","Id":"t1","Usage":{"TotalTokens":77},"File":{"Name":"fox.png","Length":1,"Sha256":"00"}}
            """);
        File.WriteAllText(
            At("other.json"), """{"Schema":1,"Prompt":"a red fox","Id":"t1","File":{"Name":"fox.png","Length":1,"Sha256":"00"}}""");
        File.WriteAllText(At("mine.json"), """{"Prompt":5}""");
        IDocument page = WriteAndRead(
            [.. new[] { "fox.png", "other.png", "mine.png" }.Select(name => GalleryEntry.OfFile(Image(name), null, null))]);
        Assert.Equal(["a red fox", "other.png", "mine.png"], page.QuerySelectorAll("h2").Select(heading => heading.TextContent));
        Assert.Equal("77", Fact(page.QuerySelector(".card")!, "Tokens"));
    }

    /// <summary>A file that cannot be read after the given number of bytes.</summary>
    private sealed class TornFile(string path, int readable) : FileStream(path, FileMode.Open, FileAccess.Read)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            int left = readable - (int)Position;
            return left > 0 ? base.Read(buffer, offset, Math.Min(count, left)) : throw new IOException("Input/output error");
        }
    }
}
