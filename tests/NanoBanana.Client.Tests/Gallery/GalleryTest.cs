using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NanoBanana.Client.Gallery;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>Base class with a folder for images and a page.</summary>
public abstract class GalleryTest : IDisposable
{
    /// <summary>Images of 2 by 1 and of 1 by 1 pixels.</summary>
    private protected static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAEElEQVR4nGP4z8Dw/z8DAAv/Av4EnHwGAAAAAElFTkSuQmCC");

    private protected static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=");

    /// <summary>Texts that try to run a script in the page of another user.</summary>
    private protected static readonly string[] Hostile =
    [
        "<script>window.pwned = 1</script>",
        "\"><img src=x onerror=\"window.pwned = 2\">",
        "' onmouseover='window.pwned = 3' x='",
        "</h2></figure></li></ul><script>window.pwned = 4</script>",
        "</title></style></script><script>window.pwned = 5</script>",
        "--><svg/onload=window.pwned=6>",
        "<iframe srcdoc='<script>parent.pwned = 7</script>'></iframe>",
        "{{script}} {{cards}} {{title}}",
        "&lt;script&gt;window.pwned = 8&lt;/script&gt; &#60;b&#62;",
        "<meta http-equiv=refresh content='0;url=javascript:window.pwned=9'><base href='https://evil.example/'>",
        "<a href=\"javascript:window.pwned = 10\">click</a> \0 \u202E reversed \u001B[31m",
        "<template shadowrootmode=open><style>* { display: none }</style></template><style>body { display: none }</style>",
    ];

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("nanobanana-gallery-").FullName;

    private protected string Page => At("gallery.html");

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected string At(string name) => Path.Combine(Folder, name);

    /// <summary>Writes an image and returns its path.</summary>
    private protected string Image(string name, byte[]? bytes = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes ?? Png);
        return At(name);
    }

    private protected static ImageTask Task(string prompt, string id = "task1") => new()
    {
        Id = id,
        Status = ImageTaskStatus.Completed,
        Prompt = prompt,
        AspectRatio = "16:9",
        Resolution = "2K",
        Elapsed = TimeSpan.FromSeconds(12.34),
        TotalTokens = 1141,
        Image = [new ImageOutput { Url = new Uri("https://cdn.example/1.png") }],
    };

    private protected static ImageTask Failed(string prompt, string message, string id = "task2") => Task(prompt, id) with
    {
        Status = ImageTaskStatus.Failed,
        Image = [],
        TotalTokens = null,
        Error = new ImageTaskError { Code = "005001095", Message = message },
    };

    private protected void Write(IEnumerable<GalleryEntry> entries, bool embed = false, string title = "Drafts", bool force = false)
    {
        using var gallery = new GalleryWriter(new GalleryOptions { Path = Page, Title = title, Embed = embed, Force = force });
        foreach (GalleryEntry entry in entries)
            gallery.Add(entry, CancellationToken.None);
        gallery.Finish();
    }

    private protected IDocument Read() => new HtmlParser().ParseDocument(File.ReadAllText(Page));

    private protected IDocument WriteAndRead(params GalleryEntry[] entries)
    {
        Write(entries);
        return Read();
    }

    /// <summary>The value of a card under the given name.</summary>
    private protected static string? Fact(IParentNode card, string name) =>
        card.QuerySelectorAll("dt").SingleOrDefault(term => term.TextContent == name)?.NextElementSibling?.TextContent;
}
