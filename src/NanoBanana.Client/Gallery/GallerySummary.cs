using System.Globalization;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>Counts the content of a page. A task with several images is counted once.</summary>
internal sealed class GallerySummary
{
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _absent = new(StringComparer.Ordinal);
    private int _images;
    private long _bytes;
    private long _tokens;

    public void Add(ImageTask? task, GalleryImage? image, GalleryAbsence? absence)
    {
        if (image is not null)
        {
            _images++;
            _bytes += image.Length;
        }
        if (absence is not null)
            _absent[absence.State] = Count(absence.State) + 1;
        if (task is not null && _tasks.Add(task.Id))
            _tokens += task.TotalTokens ?? 0;
    }

    /// <summary>The counts in one line, without characters that HTML must escape.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            _images == 1 ? "1 image" : Number(_images, "images"),
            Number(Count("failed"), "failed"),
            Number(Count("running"), "not done"),
            Number(Count("missing"), "without a file"),
            Number(_tokens, "tokens"),
            _bytes > 0 ? ByteSize.Describe(_bytes) : "",
        ];
        return string.Join(" · ", parts.Where((part, i) => i == 0 || part.Length > 0));
    }

    private int Count(string state) => _absent.TryGetValue(state, out int count) ? count : 0;

    private static string Number(long count, string what) =>
        count == 0 && what != "images" ? "" : string.Format(CultureInfo.InvariantCulture, "{0:N0} {1}", count, what);
}
