using NanoBanana.Client.Files;

namespace NanoBanana.Client.Gallery;

/// <summary>
/// A gallery of any size: pages of limited length with links to each other. The first page is renamed last, so a gallery that exists is
/// complete. If it is disposed before it is finished, everything is removed.
/// </summary>
/// <param name="options">The options of the first page. Page 2 of <c>fox.html</c> is <c>fox-2.html</c>.</param>
public sealed class GalleryPages(GalleryOptions options) : IDisposable
{
    private readonly GalleryWriter _first = new(options);
    private readonly GalleryQueue _queue = new(options);
    private readonly List<string> _followers = [];
    private GalleryWriter? _current;
    private int _cards;
    private bool _finished;

    /// <summary>The number of pages.</summary>
    public int Count => _followers.Count + (_current is null ? 0 : 1) + 1;

    /// <summary>Adds a card. It is written when its thumbnail is created and all cards before it are written.</summary>
    /// <param name="entry">The content of the card.</param>
    /// <param name="stop">Stops waiting for thumbnails, and copying an image.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>: a page or a thumbnail can't be written.
    /// </exception>
    public void Add(GalleryEntry entry, CancellationToken stop) => Write(_queue.Add(GalleryItem.Of(entry, options.OpenImage), stop), stop);

    /// <summary>Finishes the gallery and renames its first page.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>: the first page can't be written.
    /// </exception>
    public void Finish(CancellationToken stop = default)
    {
        Write(_queue.Finish(stop), stop);
        bool isOnly = Count == 1;
        EndPage(next: null);
        _first.Finish(previous: null, next: isOnly ? null : Path.GetFileName(PathOf(2)));
        _finished = true;
        _queue.Keep();
    }

    /// <summary>Removes an unfinished gallery.</summary>
    public void Dispose()
    {
        _first.Dispose();
        _current?.Dispose();
        if (!_finished)
            _followers.ForEach(PartFile.TryDelete);
        _queue.Dispose();
    }

    private void Write(IEnumerable<GalleryItem> items, CancellationToken stop)
    {
        foreach (GalleryItem item in items)
        {
            StartPage();
            try
            {
                (_current ?? _first).Add(item, stop);
            }
            catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidRequest && options.OnProblem is not null)
            {
                options.OnProblem(item.Entry, e);
            }
        }
    }

    /// <summary>Counts a card, and starts a new page if the current one is full.</summary>
    private void StartPage()
    {
        if (_cards == options.CardsPerPage)
        {
            int next = Count + 1;
            string path = PathOf(next);
            GalleryWriter.CheckFree(path, options.Force);
            EndPage(next);
            _current = new GalleryWriter(options with { Path = path, Title = $"{options.Title}, page {next}" });
            _cards = 0;
        }
        _cards++;
    }

    /// <summary>Finishes a page that is not the first one.</summary>
    private void EndPage(int? next)
    {
        if (_current is null)
            return;
        int number = Count;
        _current.Finish(Path.GetFileName(PathOf(number - 1)), next is { } following ? Path.GetFileName(PathOf(following)) : null);
        _current.Dispose();
        _followers.Add(PathOf(number));
        _current = null;
    }

    private string PathOf(int page) => page == 1
        ? options.Path
        : Path.Combine(
            Path.GetDirectoryName(options.Path)!,
            $"{Path.GetFileNameWithoutExtension(options.Path)}-{page}{Path.GetExtension(options.Path)}");
}
