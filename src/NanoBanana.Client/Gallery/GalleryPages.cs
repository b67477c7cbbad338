namespace NanoBanana.Client.Gallery;

/// <summary>
/// A gallery of any size: pages of bounded length that link to each other. The first page gets its name last, so that a gallery that is
/// there is whole. Disposed before it is finished, nothing of it is left.
/// </summary>
/// <param name="options">The first page; page 2 of <c>fox.html</c> is <c>fox-2.html</c>.</param>
public sealed class GalleryPages(GalleryOptions options) : IDisposable
{
    private readonly GalleryWriter _first = new(options);
    private readonly List<string> _followers = [];
    private GalleryWriter? _current;
    private int _cards;
    private bool _finished;

    /// <summary>How many pages there are.</summary>
    public int Count => _followers.Count + (_current is null ? 0 : 1) + 1;

    /// <summary>Adds a card.</summary>
    /// <inheritdoc cref="GalleryWriter.Add"/>
    public void Add(GalleryEntry entry, CancellationToken stop)
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
        (_current ?? _first).Add(entry, stop);
    }

    /// <summary>Ends the gallery and gives its first page its name.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>.</exception>
    public void Finish()
    {
        bool isOnly = Count == 1;
        EndPage(next: null);
        _first.Finish(previous: null, next: isOnly ? null : Path.GetFileName(PathOf(2)));
        _finished = true;
    }

    /// <summary>Removes what is not finished.</summary>
    public void Dispose()
    {
        _first.Dispose();
        _current?.Dispose();
        if (!_finished)
            _followers.ForEach(File.Delete);
    }

    /// <summary>Ends a page that is not the first.</summary>
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
        : Path.Combine(Path.GetDirectoryName(options.Path)!, $"{Path.GetFileNameWithoutExtension(options.Path)}-{page}{Path.GetExtension(options.Path)}");
}
