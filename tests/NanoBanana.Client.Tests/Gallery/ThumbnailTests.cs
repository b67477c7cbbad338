using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NanoBanana.Client.Gallery;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>Thumbnails in a large gallery.</summary>
public sealed class ThumbnailTests : GalleryTest
{
    private string Thumbnails => At("gallery_files");

    [Fact]
    public void A_small_gallery_shows_the_images_themselves()
    {
        WritePages([Entry(Large("a.png")), Entry(Large("b.png"))]);
        Assert.Equal(["a.png", "b.png"], Sources());
        Assert.False(Directory.Exists(Thumbnails));
    }

    [Theory]
    [InlineData(2, long.MaxValue)]
    [InlineData(100, 1_000_000)]
    public void A_gallery_with_many_cards_or_bytes_shows_thumbnails_and_links_the_images(int cards, long bytes)
    {
        string[] names = ["a.png", "b b.jpg", "c#.webp", "sub/d.png"];
        WritePages([.. names.Select(name => Entry(Large(name)))], options => options with { LargeCount = cards, LargeBytes = bytes });

        Assert.Equal(
            ["a.png", "b%20b.jpg", "c%23.webp", "sub/d.png"],
            ReadPage().QuerySelectorAll(".frame a").Select(link => link.GetAttribute("href")));
        Assert.All(Sources(), source =>
        {
            Assert.StartsWith("gallery_files/", source, StringComparison.Ordinal);
            ImageInfo(At(source), out int width, out int height);
            Assert.Equal((384, 384), (width, height));
            Assert.InRange(new FileInfo(At(source)).Length, 1, 200_000);
        });
        Assert.Equal(4, Sources().Distinct().Count());
        Assert.Equal(["600"], ReadPage().QuerySelectorAll("img").Select(image => image.GetAttribute("width")!).Distinct());
    }

    [Fact]
    public void The_user_decides_whether_thumbnails_are_created()
    {
        WritePages([Entry(Large("a.png"))], options => options with { Thumbnail = true });
        Assert.StartsWith("gallery_files/", Assert.Single(Sources()), StringComparison.Ordinal);

        WritePages([Entry(At("a.png"))], options => options with { Thumbnail = false, LargeCount = 0, LargeBytes = 0, Force = true });
        Assert.Equal(["a.png"], Sources());
    }

    [Fact]
    public void Cards_keep_their_order_and_images_without_thumbnails_show_themselves()
    {
        GalleryEntry[] entries =
        [
            .. Enumerable.Range(0, 40).Select(i => (i % 4) switch
            {
                0 => Entry(Large($"{i}.png"), $"prompt {i}"),
                1 => new GalleryEntry(Failed($"prompt {i}", "no"), null),
                2 => Entry(Image($"{i}.png"), $"prompt {i}"),
                _ => Entry(Image($"{i}.gif", [.. Gif, .. new byte[100_000]]), $"prompt {i}"),
            }),
        ];
        WritePages(entries, options => options with { Thumbnail = true, CardsPerPage = 7 });

        IDocument[] pages = [.. Enumerable.Range(1, 6).Select(page => Parse(page == 1 ? Page : At($"gallery-{page}.html")))];
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => $"prompt {i}"),
            pages.SelectMany(page => page.QuerySelectorAll("#cards h2")).Select(heading => heading.TextContent));
        string[] sources = [.. pages.SelectMany(page => page.QuerySelectorAll("img")).Select(image => image.GetAttribute("src")!)];
        Assert.Equal(10, sources.Count(source => source.StartsWith("gallery_files/", StringComparison.Ordinal)));
        Assert.Contains("2.png", sources);
        Assert.Contains("3.gif", sources);
        Assert.Equal(10, Directory.GetFiles(Thumbnails).Length);
    }

    [Fact]
    public void A_current_thumbnail_is_reused_and_an_outdated_one_is_replaced()
    {
        string[] images = [Large("a.png"), Large("b.png")];
        string[] Write()
        {
            WritePages([.. images.Select(image => Entry(image))], options => options with { Thumbnail = true, Force = true });
            return Sources();
        }
        string[] first = Write();
        File.WriteAllText(At("gallery_files/mine.webp"), "mine");
        File.WriteAllText(At(first[0]), "from the first run");
        File.SetLastWriteTimeUtc(images[1], File.GetLastWriteTimeUtc(images[1]).AddSeconds(2));
        string[] second = Write();

        Assert.Equal(first[0], second[0]);
        Assert.Equal("from the first run", File.ReadAllText(At(second[0])));
        Assert.NotEqual(first[1], second[1]);
        Assert.Equal(
            new[] { At("gallery_files/mine.webp"), At(second[0]), At(second[1]) }.Order(StringComparer.Ordinal),
            Directory.GetFiles(Thumbnails).Select(path => path.Replace('\\', '/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_gallery_moved_with_its_images_is_complete_and_its_thumbnails_are_current()
    {
        Directory.CreateDirectory(At("old"));
        string moved = At("new/gallery.html");
        void Write(string folder) => WritePages(
            [Entry(Path.Combine(At(folder), "a.png"))],
            options => options with { Path = Path.Combine(At(folder), "gallery.html"), Thumbnail = true, Force = true });
        Large("old/a.png");
        Write("old");
        Directory.Move(At("old"), At("new"));

        string source = Parse(moved).QuerySelector("img")!.GetAttribute("src")!;
        string thumbnail = Path.Combine(At("new"), source);
        Assert.True(File.Exists(thumbnail));
        File.WriteAllText(thumbnail, "still it");
        Write("new");
        Assert.Equal("still it", File.ReadAllText(thumbnail));
    }

    [Fact]
    public void An_unfinished_gallery_leaves_no_thumbnail()
    {
        using (var gallery = new GalleryPages(Options() with { Thumbnail = true }))
        {
            for (int i = 0; i < 12; i++)
                gallery.Add(Entry(Large($"{i}.png")), CancellationToken.None);
            Assert.NotEmpty(Directory.GetFiles(Thumbnails));
        }
        Assert.False(Directory.Exists(Thumbnails));
        Assert.Equal(12, Directory.GetFiles(Folder).Length);
    }

    [Fact]
    public void An_unfinished_gallery_keeps_the_thumbnails_of_the_old_one()
    {
        WritePages([Entry(Large("a.png"))], options => options with { Thumbnail = true });
        using (var gallery = new GalleryPages(Options() with { Thumbnail = true, Force = true }))
            gallery.Add(Entry(Large("b.png")), CancellationToken.None);
        Assert.Equal([At(Assert.Single(Sources()))], Directory.GetFiles(Thumbnails).Select(path => path.Replace('\\', '/')));
    }

    [Fact]
    public void A_stop_ends_waiting_and_leaves_no_file()
    {
        using (var gallery = new GalleryPages(Options() with { Thumbnail = true }))
        {
            string image = Large("a.png");
            Assert.Throws<OperationCanceledException>(() =>
            {
                for (int i = 0; i < 100; i++)
                    gallery.Add(Entry(image), new CancellationToken(canceled: true));
            });
        }
        Assert.Equal(["a.png"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_broken_image_shows_itself_with_the_reason_and_the_others_have_thumbnails()
    {
        byte[] whole = File.ReadAllBytes(Large("whole.png"));
        byte[] torn = [.. whole];
        torn.AsSpan(200, 4000).Clear();
        WritePages(
            [
                Entry(At("whole.png")), Entry(Image("short.png", [.. whole.Take(whole.Length / 2)])), Entry(Image("torn.png", torn)),
                Entry(Large("last.jpg")),
            ],
            options => options with { Thumbnail = true });

        Assert.Equal(["short.png", "torn.png"], Sources()[1..3]);
        Assert.Equal(2, Sources().Count(source => source.StartsWith("gallery_files/", StringComparison.Ordinal)));
        string[] reasons = [.. ReadPage().QuerySelectorAll(".reason").Select(reason => reason.TextContent)];
        Assert.Equal(2, reasons.Length);
        Assert.Equal("No thumbnail of short.png could be created: it is incomplete.", reasons[0]);
        Assert.StartsWith("No thumbnail of torn.png could be created: it can't be decoded (", reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_with_too_many_pixels_is_not_decoded()
    {
        // The header of a PNG of 60,000 by 60,000 pixels, and some bytes.
        byte[] bomb = File.ReadAllBytes(Large("bomb.png"));
        new byte[] { 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60 }.CopyTo(bomb, 16);
        WritePages([Entry(Image("bomb.png", WithCrc(bomb)))], options => options with { Thumbnail = true });
        Assert.Equal(["bomb.png"], Sources());
        Assert.Contains("more than 128 million pixels", ReadPage().QuerySelector(".reason")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Unwritable_thumbnails_fail_the_gallery()
    {
        File.WriteAllText(Thumbnails, "a file in place of the folder");
        using var gallery = new GalleryPages(Options() with { Thumbnail = true });
        NanoBananaException error = Assert.Throws<NanoBananaException>(() =>
        {
            gallery.Add(Entry(Large("a.png")), CancellationToken.None);
            gallery.Finish();
        });
        Assert.Equal(NanoBananaErrorKind.WriteFailed, error.Kind);
    }

    [Fact]
    public void The_thumbnail_of_a_rotated_image_is_upright()
    {
        using (var image = new Image<Rgb24>(800, 400))
        {
            Noise(image);
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);
            image.Metadata.ExifProfile.SetValue(ExifTag.Copyright, "somebody");
            image.SaveAsJpeg(At("photo.jpg"));
        }
        WritePages([Entry(At("photo.jpg"))], options => options with { Thumbnail = true });
        string thumbnail = At(Assert.Single(Sources()));
        ImageInfo(thumbnail, out int width, out int height);
        Assert.Equal((192, 384), (width, height));
        Assert.DoesNotContain("somebody", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(thumbnail)), StringComparison.Ordinal);
    }

    [Fact]
    public void Embedded_images_are_full_size_and_embedded_thumbnails_are_optional()
    {
        string image = Large("a.png");
        WritePages([Entry(image)], options => options with { Embed = true, LargeCount = 0, LargeBytes = 0 });
        Assert.Equal([$"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(image))}"], Sources());

        WritePages([Entry(image)], options => options with { Embed = true, Thumbnail = true, Force = true });
        Assert.StartsWith("data:image/webp;base64,", Assert.Single(Sources()), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Page).Length, 1, 200_000);
        Assert.False(Directory.Exists(Thumbnails));
        Assert.Empty(ReadPage().QuerySelectorAll(".frame a, .frame button"));
    }

    private static GalleryEntry Entry(string path, string prompt = "a fox") => new(Task(prompt), path);

    private GalleryOptions Options() => new() { Path = Page, Title = "Drafts" };

    private void WritePages(GalleryEntry[] entries, Func<GalleryOptions, GalleryOptions>? change = null)
    {
        using var gallery = new GalleryPages(change?.Invoke(Options()) ?? Options());
        foreach (GalleryEntry entry in entries)
            gallery.Add(entry, CancellationToken.None);
        gallery.Finish();
    }

    private IDocument ReadPage() => Parse(Page);

    private static IDocument Parse(string path) => new HtmlParser().ParseDocument(File.ReadAllText(path));

    private string[] Sources() => [.. ReadPage().QuerySelectorAll("img").Select(image => image.GetAttribute("src")!)];

    /// <summary>An image of 600 by 600 pixels that is larger than 100 KB in every format.</summary>
    private string Large(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        using var image = new Image<Rgb24>(600, 600);
        Noise(image);
        image.Save(At(name));
        return At(name);
    }

    /// <summary>A PNG file with noise, which no format compresses well.</summary>
    internal static byte[] Noise(int width, int height)
    {
        using var image = new Image<Rgb24>(width, height);
        Noise(image);
        using var file = new MemoryStream();
        image.SaveAsPng(file);
        return file.ToArray();
    }

    private static void Noise(Image<Rgb24> image)
    {
        var random = new Random(1);
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                foreach (ref Rgb24 pixel in rows.GetRowSpan(y))
                    pixel = new Rgb24((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            }
        });
    }

    private static void ImageInfo(string path, out int width, out int height)
    {
        IImageInfo info = SixLabors.ImageSharp.Image.Identify(path);
        (width, height) = (info.Width, info.Height);
    }

    /// <summary>The header of a PNG with its checksum, which a decoder checks first (PNG 3rd edition, annex D).</summary>
    private static byte[] WithCrc(byte[] png)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in png.AsSpan(12, 17))
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), ~crc);
        return png;
    }
}
