using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Gallery;

/// <summary>
/// Writes images as one HTML page that needs nothing but a browser. A card is on the disk as soon as it has come, so a
/// page of thousands, or of embedded gigabytes, takes no more memory than a page of one. Disposed before it is finished,
/// nothing of it is left.
/// </summary>
public sealed class GalleryWriter : IDisposable
{
    /// <summary>What the summary can need, in bytes: its room is kept free, for it stands above the cards that it counts.</summary>
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

    /// <summary>Begins a page.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: it is there, and not to be replaced.
    /// <see cref="NanoBananaErrorKind.WriteFailed"/>: the folder can't be written.
    /// </exception>
    public GalleryWriter(GalleryOptions options)
    {
        CheckFree(options.Path, options.Force);
        _options = options;
        _file = new DraftFile(options.Path, DraftFile.Open);
        _output = new StreamWriter(_file.Content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        _card = new GalleryCard(_output, Path.GetDirectoryName(options.Path)!, options.Embed);
        (HtmlTemplate head, _tail) = Page.SplitAt("cards");
        _file.Write(() => head.Write(_output, WriteField));
    }

    /// <summary>Checks that a page may be written.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: it is there, and not to be replaced.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is a folder.
    /// </exception>
    public static void CheckFree(string path, bool force)
    {
        if (Directory.Exists(path))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{path}' is a folder. Give the name of a page, such as gallery.html.");
        if (File.Exists(path) && !force)
            throw new NanoBananaException(NanoBananaErrorKind.FileExists, $"'{path}' exists and is kept as it is. Replace it with -Force, or choose another name.");
    }

    /// <summary>Adds a card, without a thumbnail.</summary>
    /// <param name="entry">What it shows.</param>
    /// <param name="stop">Ends the copying of an image.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the image could not be read to its end; the card says so, and the page goes on.
    /// <see cref="NanoBananaErrorKind.WriteFailed"/>: the page can't be written.
    /// </exception>
    public void Add(GalleryEntry entry, CancellationToken stop) => Add(GalleryItem.Of(entry, _options.OpenImage), stop);

    /// <inheritdoc cref="Add(GalleryEntry, CancellationToken)"/>
    internal void Add(GalleryItem item, CancellationToken stop)
    {
        long start = item.Image is not null && _options.Embed ? Flush() : 0;
        try
        {
            Write(item, stop);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidRequest)
        {
            // A part of the image is in the page already.
            Flush();
            _file.Write(() => _file.Content.SetLength(start));
            Write(item with { Image = null, Problem = e.Message, Sources = [.. item.Sources.Select(source => source with { Image = null })] }, stop);
            throw;
        }
    }

    /// <summary>Ends the page and gives it its name, in one step.</summary>
    /// <param name="previous">The name of the page before it; null where there is none.</param>
    /// <param name="next">The name of the page after it; null where there is none.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>.</exception>
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

    /// <summary>Removes what is not finished.</summary>
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
                throw new InvalidOperationException($"The page has a field '{field}' that nothing fills.");
        }
    }

    private static string Link(string? page, string text) =>
        page is null ? "" : $"  <p><a href=\"{Uri.EscapeDataString(page)}\">{text}</a></p>\n";

    /// <summary>By this the browser runs our script and our style, and nothing else that may have come into the page.</summary>
    private static string Hash(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return "sha256-" + Convert.ToBase64String(hash.GetHashAndReset());
    }
}

/// <summary>How a gallery is to be written.</summary>
public sealed record GalleryOptions
{
    /// <summary>The full path of the page.</summary>
    public required string Path { get; init; }

    /// <summary>The heading of the page.</summary>
    public required string Title { get; init; }

    /// <summary>Whether the images go into the page; they are linked from there when not.</summary>
    public bool Embed { get; init; }

    /// <summary>
    /// Whether cards show thumbnails, which are files of a folder beside the page, or in the page where images go into it. Null: where
    /// images are linked and the gallery is large.
    /// </summary>
    public bool? Thumbnail { get; init; }

    /// <summary>Receives what is wrong with the file of a card that was written without it.</summary>
    public Action<GalleryEntry, NanoBananaException>? OnProblem { get; init; }

    /// <summary>A gallery of more cards is large.</summary>
    internal int LargeCount { get; init; } = 100;

    /// <summary>A gallery of more bytes is large.</summary>
    internal long LargeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether a file of that name may be replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Cards of a page: a browser shows so many without effort.</summary>
    public int CardsPerPage { get; init; } = 1000;

    /// <summary>Opens an image.</summary>
    internal Func<string, FileStream> OpenImage { get; init; } = Files.RegularFile.Open;

    /// <summary>The time that the page says it was written.</summary>
    public DateTimeOffset WrittenAt { get; init; } = DateTimeOffset.Now;
}
