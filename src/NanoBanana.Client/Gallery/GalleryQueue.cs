namespace NanoBanana.Client.Gallery;

/// <summary>An entry with the current state of its files, ready to be written.</summary>
/// <param name="Entry">The content of the card.</param>
/// <param name="Image">The image; null if there is no image to show.</param>
/// <param name="Problem">The reason why there is no image.</param>
internal sealed record GalleryItem(GalleryEntry Entry, GalleryImage? Image, string? Problem)
{
    /// <summary>The thumbnail; null for the image itself.</summary>
    public Thumbnail? Thumbnail { get; init; }

    /// <summary>The input images.</summary>
    public IReadOnlyList<GallerySourceItem> Sources { get; init; } = [];

    /// <summary>The number of bytes that a browser loads without thumbnails.</summary>
    public long Length => (Image?.Length ?? 0) + Sources.Sum(source => source.Image?.Length ?? 0);

    /// <summary>The number of pixels of the largest image; the maximum value if it is not known.</summary>
    public long Pixels => new[] { Image }.Concat(Sources.Select(source => source.Image)).OfType<GalleryImage>()
        .Select(image => image.Size is { } size ? (long)size.Width * size.Height : long.MaxValue).DefaultIfEmpty().Max();

    public static GalleryItem Of(GalleryEntry entry, Func<string, FileStream> open)
    {
        string? problem = null;
        GalleryImage? image = entry.FilePath is null ? null : GalleryImage.Find(entry.FilePath, open, out problem);
        return new GalleryItem(entry, image, problem is null ? null : $"{Path.GetFileName(entry.FilePath)} {problem}")
        {
            Sources = [.. entry.Sources.Select(source => GallerySourceItem.Of(source, open))],
        };
    }
}

/// <summary>An input image with the current state of its file.</summary>
/// <param name="Source">The input image.</param>
/// <param name="Image">The file; null if there is no file to show.</param>
/// <param name="Problem">The reason why a file is not shown, as a phrase after its name.</param>
internal sealed record GallerySourceItem(GallerySource Source, GalleryImage? Image, string? Problem)
{
    /// <summary>The thumbnail; null for the image itself.</summary>
    public Thumbnail? Thumbnail { get; init; }

    /// <summary>Whether the input image is shown. It is embedded only as a thumbnail, or if its file is small.</summary>
    public bool CanShow(bool embed) => !embed || Thumbnail?.Data is not null || Image?.Length <= ThumbnailMaker.SmallFile;

    public static GallerySourceItem Of(GallerySource source, Func<string, FileStream> open)
    {
        if (source.Path is null || source.Problem is not null)
            return new GallerySourceItem(source, null, source.Problem);
        GalleryImage? image = GalleryImage.Find(source.Path, open, out string? problem);
        return new GallerySourceItem(source, image, problem);
    }
}

/// <summary>
/// Creates the thumbnails of the next cards, several at the same time, and returns the cards in their order. If the user has not decided
/// about thumbnails, the first cards are held until the size of the gallery is known. A small gallery needs no thumbnails.
/// </summary>
internal sealed class GalleryQueue(GalleryOptions options) : IDisposable
{
    /// <summary>An image with more pixels is decoded alone, because each pixel takes 4 bytes.</summary>
    private const long LargeImage = 32L * 1000 * 1000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Task<GalleryItem>> _running = new();
    private readonly int _width = Math.Max(1, Math.Min(4, Environment.ProcessorCount));
    private readonly ThumbnailMaker _maker = new(options.Path, options.Embed);
    private List<GalleryItem>? _held = options.Thumbnail is null && !options.Embed ? [] : null;
    private bool _isLarge = options.Thumbnail == true;
    private long _bytes;

    /// <summary>Adds a card, and returns the cards that can be written now.</summary>
    public IEnumerable<GalleryItem> Add(GalleryItem item, CancellationToken stop)
    {
        if (_held is null)
            return Run([item], stop);
        _held.Add(item);
        _bytes += item.Length;
        if (_held.Count <= options.LargeCount && _bytes <= options.LargeBytes)
            return [];
        _isLarge = true;
        return Release(stop);
    }

    /// <summary>Returns the remaining cards.</summary>
    public IEnumerable<GalleryItem> Finish(CancellationToken stop) => (_held is null ? [] : Release(stop)).Concat(Ready(0, stop));

    /// <summary>Keeps the thumbnails, because the gallery is complete.</summary>
    public void Keep() => _maker.Keep();

    /// <summary>Waits for images that are being decoded, usually less than a second each.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAll(_running).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _maker.Dispose();
        _stop.Dispose();
    }

    private IEnumerable<GalleryItem> Release(CancellationToken stop)
    {
        List<GalleryItem> held = _held!;
        _held = null;
        return Run(held, stop);
    }

    private IEnumerable<GalleryItem> Run(IEnumerable<GalleryItem> items, CancellationToken stop)
    {
        foreach (GalleryItem item in items)
        {
            bool needsThumbnail = (_isLarge && item.Length > 0) || (options.Embed && item.Sources.Count > 0);
            bool isAlone = needsThumbnail && item.Pixels > LargeImage;
            if (needsThumbnail)
            {
                foreach (GalleryItem ready in Ready(isAlone ? 0 : _width - 1, stop))
                    yield return ready;
            }
            _running.Enqueue(needsThumbnail ? Start(item) : Task.FromResult(item));
            foreach (GalleryItem ready in Ready(isAlone ? 0 : _width, stop))
                yield return ready;
        }
    }

    private Task<GalleryItem> Start(GalleryItem item)
    {
        CancellationToken stop = _stop.Token;
        return Task.Run(
            () => item with
            {
                Thumbnail = _isLarge ? Of(item.Image) : null,
                Sources = [.. item.Sources.Select(source => source with { Thumbnail = Of(source.Image) })],
            }, stop);

        Thumbnail? Of(GalleryImage? image) => image is null ? null : _maker.Of(image, stop);
    }

    /// <summary>The next cards that are ready, and the cards that must become ready so that at most this number is left.</summary>
    private IEnumerable<GalleryItem> Ready(int left, CancellationToken stop)
    {
        while (_running.Count > left || (_running.Count > 0 && _running.Peek().IsCompleted))
        {
            Task<GalleryItem> head = _running.Peek();
            Task.WhenAny(head).Wait(stop);
            yield return _running.Dequeue().GetAwaiter().GetResult();
        }
    }
}
