using NanoBanana.Client.Images;

namespace NanoBanana.Client.Files;

/// <summary>Chooses among the images of one task the one to keep: of the size that was asked for, else the largest.</summary>
internal sealed class ImageChoice(ImageTask task) : IDisposable
{
    private readonly RequestedSize? _requested = RequestedSize.Of(task);
    private NanoBananaException? _missed;
    private PartFile? _best;

    /// <summary>The order in which to download: first those that are, as the provider describes them, the likeliest.</summary>
    public IEnumerable<int> Order => Enumerable.Range(0, task.Image.Count)
        .OrderByDescending(number => Described(number) is { } size && _requested?.IsMetBy(size) == true)
        .ThenByDescending(number => Described(number) is { } size ? Area(size) : 0)
        .ToArray();

    /// <summary>Whether no other image can be better.</summary>
    public bool IsMade => _best?.PixelSize is { } size && _requested?.IsMetBy(size) == true;

    /// <summary>Which image is the best so far, from 0.</summary>
    public int Number { get; private set; }

    /// <summary>The best image.</summary>
    /// <exception cref="NanoBananaException">None could be downloaded; the reason of the first.</exception>
    public PartFile Best => _best ?? throw _missed!;

    /// <summary>Takes a downloaded image, and discards the one that is not kept.</summary>
    public void Offer(int number, PartFile part)
    {
        if (_best is not null && Rank(part).CompareTo(Rank(_best)) <= 0)
        {
            part.Dispose();
            return;
        }
        _best?.Dispose();
        (_best, Number) = (part, number);
    }

    /// <summary>Takes note of an image that could not be downloaded.</summary>
    public void Miss(NanoBananaException reason) => _missed ??= reason;

    /// <summary>What to tell of the images that are not kept.</summary>
    public string Describe(SavedImage kept)
    {
        string missed = _missed is null || IsMade ? "" : $" One could not be downloaded: {_missed.Message}";
        return $"Task {task.Id} made {task.Image.Count} images, and '{TextSafety.Excerpt(Path.GetFileName(kept.Path))}' is number {Number + 1} ({kept.PixelSize?.ToString() ?? "of unknown size"}). "
            + $"To save all of them: Save-NanoBananaImage -Id {task.Id} -Destination FOLDER.{missed}";
    }

    public void Dispose() => _best?.Dispose();

    private PixelSize? Described(int number) =>
        task.Image[number] is { Width: > 0 and { } width, Height: > 0 and { } height } ? new PixelSize(width, height) : null;

    private (bool, long) Rank(PartFile part) => part.PixelSize is { } size ? (_requested?.IsMetBy(size) == true, Area(size)) : (false, 0);

    private static long Area(PixelSize size) => (long)size.Width * size.Height;
}
