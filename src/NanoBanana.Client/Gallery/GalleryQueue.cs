namespace NanoBanana.Client.Gallery;

/// <summary>An entry with its files as they are now, ready to be written.</summary>
/// <param name="Entry">What the card shows.</param>
/// <param name="Image">Its image; null when there is none to show.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record GalleryItem(GalleryEntry Entry, GalleryImage? Image, string? Problem)
{
    /// <summary>What stands for the image on the page; null for the image itself.</summary>
    public Thumbnail? Thumbnail { get; init; }

    /// <summary>The images that it was made from.</summary>
    public IReadOnlyList<GallerySourceItem> Sources { get; init; } = [];

    /// <summary>The bytes that a browser would load without thumbnails.</summary>
    public long Length => (Image?.Length ?? 0) + Sources.Sum(source => source.Image?.Length ?? 0);

    /// <summary>The pixels of its largest image; more than any has when they are not known.</summary>
    public long Pixels => new[] { Image }.Concat(Sources.Select(source => source.Image)).OfType<GalleryImage>()
        .Select(image => image.Size is { } size ? (long)size.Width * size.Height : long.MaxValue).DefaultIfEmpty().Max();

    public static GalleryItem Of(GalleryEntry entry, Func<string, FileStream> open)
    {
        string? problem = null;
        GalleryImage? image = entry.FilePath is null ? null : GalleryImage.Find(entry.FilePath, open, out problem);
        return new GalleryItem(entry, image, problem is null ? null : $"{Path.GetFileName(entry.FilePath)} {problem}") { Sources = [.. entry.Sources.Select(source => GallerySourceItem.Of(source, open))] };
    }
}

/// <summary>An input image with its file as it is now.</summary>
/// <param name="Source">The input image.</param>
/// <param name="Image">Its file; null when there is none to show.</param>
/// <param name="Problem">Why there is none, for a file: what is to be said of its name.</param>
internal sealed record GallerySourceItem(GallerySource Source, GalleryImage? Image, string? Problem)
{
    /// <summary>What stands for it on the page; null for the image itself.</summary>
    public Thumbnail? Thumbnail { get; init; }

    /// <summary>Whether it is shown: an input image goes into a page only as a thumbnail, or when it is as small as one.</summary>
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
/// Has thumbnails made for the cards that come next, some at a time, and returns the cards in their order. Without a decision of the
/// user's, the first cards are held until it is known whether the gallery is large; a small one needs no thumbnails.
/// </summary>
internal sealed class GalleryQueue(GalleryOptions options) : IDisposable
{
    /// <summary>An image of more pixels is decoded while no other one is: 4 bytes for each.</summary>
    private const long LargeImage = 32L * 1000 * 1000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Task<GalleryItem>> _running = new();
    private readonly int _width = Math.Max(1, Math.Min(4, Environment.ProcessorCount));
    private readonly ThumbnailMaker _maker = new(options.Path, options.Embed);
    private List<GalleryItem>? _held = options.Thumbnail is null && !options.Embed ? [] : null;
    private bool _isLarge = options.Thumbnail == true;
    private long _bytes;

    /// <summary>Adds a card, and returns those that can be written now.</summary>
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

    /// <summary>Returns the cards that are left.</summary>
    public IEnumerable<GalleryItem> Finish(CancellationToken stop) => (_held is null ? [] : Release(stop)).Concat(Ready(0, stop));

    /// <summary>Keeps the thumbnails: the gallery is whole.</summary>
    public void Keep() => _maker.Keep();

    /// <summary>Waits for the images that are being decoded, which takes less than a second each for the usual ones.</summary>
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

    /// <summary>The cards at the head that are ready, and those that must become ready so that only so many are left.</summary>
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
