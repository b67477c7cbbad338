using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>Chooses the image of a task to save: the image of the requested size, or the largest one.</summary>
internal sealed class ImageChoice(ImageTask task) : IDisposable
{
    private readonly RequestedSize? _requested = RequestedSize.Of(task);
    private NanoBananaException? _failure;
    private PartFile? _best;

    /// <summary>The order of the downloads: the most likely images first, by the provider's description.</summary>
    public IEnumerable<int> Order => Enumerable.Range(0, task.Image.Count)
        .OrderByDescending(number => Described(number) is { } size && _requested?.IsMetBy(size) == true)
        .ThenByDescending(number => Described(number) is { } size ? Area(size) : 0)
        .ToArray();

    /// <summary>Whether no other image can be better, so the choice is final.</summary>
    public bool IsFinal => _best?.PixelSize is { } size && _requested?.IsMetBy(size) == true;

    /// <summary>The index of the best image so far, from 0.</summary>
    public int Number { get; private set; }

    /// <summary>The best image.</summary>
    /// <exception cref="NanoBananaException">No image could be downloaded. It is the error of the first image.</exception>
    public PartFile Best => _best ?? throw _failure!;

    /// <summary>Adds a downloaded image, and discards the worse one.</summary>
    public void Add(int number, PartFile part)
    {
        if (_best is not null && Rank(part).CompareTo(Rank(_best)) <= 0)
        {
            part.Dispose();
            return;
        }
        _best?.Dispose();
        (_best, Number) = (part, number);
    }

    /// <summary>Records an image that could not be downloaded.</summary>
    public void RecordFailure(NanoBananaException reason) => _failure ??= reason;

    /// <summary>A message about the images that are not saved.</summary>
    public string Describe(SavedImage kept)
    {
        string name = TextSafety.Excerpt(Path.GetFileName(kept.Path));
        string? failure = IsFinal ? null : _failure?.Message;
        return Messages.SavedOneOfSeveral(task.Id, task.Image.Count, name, Number + 1, kept.PixelSize?.ToString(), failure);
    }

    public void Dispose() => _best?.Dispose();

    private PixelSize? Described(int number) =>
        task.Image[number] is { Width: > 0 and { } width, Height: > 0 and { } height } ? new PixelSize(width, height) : null;

    private (bool, long) Rank(PartFile part) => part.PixelSize is { } size ? (_requested?.IsMetBy(size) == true, Area(size)) : (false, 0);

    private static long Area(PixelSize size) => (long)size.Width * size.Height;
}
