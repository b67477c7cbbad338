using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Files;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>
/// Writes images as one HTML page that needs only a browser. Each card is written immediately, so a page with thousands of cards, or with
/// large embedded images, needs no more memory than a page with one card. If it is disposed before it is finished, everything is removed.
/// </summary>
public sealed class GalleryWriter : IDisposable
{
    /// <summary>The space for the summary, in bytes. It is reserved because the summary is above the cards that it counts.</summary>
    private const int SummaryLength = 400;

    private static readonly HtmlTemplate Page = HtmlTemplate.Load("page.html");
    private static readonly string Style = "\n" + HtmlTemplate.ReadText("page.css");
    private static readonly string Script = "\n" + HtmlTemplate.ReadText("page.js");

    private readonly GalleryOptions _options;
    private readonly DraftFile _file;
    private readonly StreamWriter _output;
    private readonly GalleryCard _card;
    private readonly GallerySummary _summary = new();
    private readonly HtmlTemplate _tail;
    private long _summaryAt;
    private string _links = "";

    /// <summary>Starts a page.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: the page exists and must not be replaced.
    /// </exception>
    public GalleryWriter(GalleryOptions options)
    {
        CheckFree(options.Path, options.Force);
        _options = options;
        _file = new DraftFile(options.Path, DraftFile.Open);
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _output = new StreamWriter(_file.Content, encoding, bufferSize: 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        _card = new GalleryCard(_output, Path.GetDirectoryName(options.Path)!, options.Embed);
        (HtmlTemplate head, _tail) = Page.SplitAt("cards");
        _file.Write(() => head.Write(_output, WriteField));
    }

    /// <summary>Checks that a page can be written.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: the page exists and must not be replaced.
    /// </exception>
    public static void CheckFree(string path, bool force)
    {
        if (Directory.Exists(path))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.FileIsFolder(path, "gallery.html"));
        if (File.Exists(path) && !force)
            throw new NanoBananaException(NanoBananaErrorKind.FileExists, Messages.FileExists(path));
    }

    /// <summary>Adds a card, without a thumbnail.</summary>
    /// <param name="entry">The content of the card.</param>
    /// <param name="stop">Stops copying an image.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the image could not be read to its end. The card has the reason, and the page can
    /// be continued. <see cref="NanoBananaErrorKind.WriteFailed"/>: the page can't be written.
    /// </exception>
    public void Add(GalleryEntry entry, CancellationToken stop) => Add(GalleryItem.Of(entry, _options.OpenImage), stop);

    /// <inheritdoc cref="Add(GalleryEntry, CancellationToken)"/>
    internal void Add(GalleryItem item, CancellationToken stop)
    {
        long start = _options.Embed ? Flush() : 0;
        try
        {
            Write(item, stop);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidRequest)
        {
            // A part of the image, or of an input image, is already in the page.
            Flush();
            _file.Write(() => _file.Content.SetLength(start));
            GallerySourceItem[] sources = [.. item.Sources.Select(source => source with { Image = null })];
            Write(item with { Image = null, Problem = e.Message, Sources = sources }, stop);
            throw;
        }
    }

    /// <summary>Finishes the page and renames it atomically.</summary>
    /// <param name="previous">The name of the previous page; null for the first page.</param>
    /// <param name="next">The name of the next page; null for the last page.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>: the page can't be written.
    /// </exception>
    public void Finish(string? previous = null, string? next = null)
    {
        _links = Link(previous, "Previous page") + Link(next, "Next page");
        _file.Write(() =>
        {
            _tail.Write(_output, WriteField);
            _output.Flush();
            _file.Content.Position = _summaryAt;
            byte[] summary = Encoding.UTF8.GetBytes(_summary.ToString());
            _file.Content.Write(summary, 0, summary.Length);
        });
        _file.Publish(_options.Force);
    }

    /// <summary>Removes an unfinished page.</summary>
    public void Dispose() => _file.Dispose();

    private void Write(GalleryItem item, CancellationToken stop)
    {
        GalleryAbsence? absence = item.Image is null ? GalleryAbsence.Of(item.Entry.Task, item.Problem) : null;
        _file.Write(() => _card.Write(item, absence, stop));
        _summary.Add(item.Entry.Task, item.Image, absence);
    }

    /// <returns>The length of the page so far.</returns>
    private long Flush()
    {
        _file.Write(_output.Flush);
        return _file.Content.Position;
    }

    private void WriteField(string field)
    {
        switch (field)
        {
            case "title":
                _output.Write(Html.Escape(_options.Title));
                break;
            case "summary":
                _output.Flush();
                _summaryAt = _file.Content.Position;
                _output.Write(new string(' ', SummaryLength));
                break;
            case "pages":
                _output.Write(_links);
                break;
            case "style":
                _output.Write(Style);
                break;
            case "script":
                _output.Write(Script);
                break;
            case "style-hash":
                _output.Write(Hash(Style));
                break;
            case "script-hash":
                _output.Write(Hash(Script));
                break;
            case "written":
                _output.Write(_options.WrittenAt.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
                break;
            case "written-text":
                _output.Write(_options.WrittenAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
                break;
            default:
                throw new InvalidOperationException($"The page has the unknown field '{field}'.");
        }
    }

    private static string Link(string? page, string text) =>
        page is null ? "" : $"  <p><a href=\"{Uri.EscapeDataString(page)}\">{text}</a></p>\n";

    /// <summary>The hash for the content security policy: the browser runs this script or style and no other.</summary>
    private static string Hash(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return "sha256-" + Convert.ToBase64String(hash.GetHashAndReset());
    }
}

/// <summary>The options of a gallery.</summary>
public sealed record GalleryOptions
{
    /// <summary>The full path of the page.</summary>
    public required string Path { get; init; }

    /// <summary>The heading of the page.</summary>
    public required string Title { get; init; }

    /// <summary>Whether the images are embedded in the page. Otherwise the page has links to them.</summary>
    public bool Embed { get; init; }

    /// <summary>
    /// Whether cards show thumbnails: files in a folder beside the page, or embedded if images are embedded. Null for thumbnails in a large
    /// gallery with links.
    /// </summary>
    public bool? Thumbnail { get; init; }

    /// <summary>Receives the error of a file whose card was written without it.</summary>
    public Action<GalleryEntry, NanoBananaException>? OnProblem { get; init; }

    /// <summary>A gallery with more cards is large.</summary>
    internal int LargeCount { get; init; } = 100;

    /// <summary>A gallery with more bytes is large.</summary>
    internal long LargeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Force { get; init; }

    /// <summary>The maximum number of cards of a page. A browser shows this number without problems.</summary>
    public int CardsPerPage { get; init; } = 1000;

    /// <summary>Opens an image.</summary>
    internal Func<string, FileStream> OpenImage { get; init; } = Files.RegularFile.Open;

    /// <summary>The time that the page shows as the time of writing.</summary>
    public DateTimeOffset WrittenAt { get; init; } = DateTimeOffset.Now;
}
