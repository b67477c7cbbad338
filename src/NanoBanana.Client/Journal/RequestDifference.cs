using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>Compares a request of a batch with the earlier request of the same name or prompt.</summary>
public static class RequestDifference
{
    /// <summary>The fields that differ, each with its earlier and its new value; empty if all fields that are sent are equal.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="task">The task of the earlier request.</param>
    public static IReadOnlyList<string> Of(ImageRequest request, ImageTask task)
    {
        var fields = new List<string>();
        void Compare(string field, string? was, string? now)
        {
            if ((was ?? "") != (now ?? ""))
                fields.Add(Messages.FieldDiffers(field, was, now));
        }
        if (RequestKey.Normalize(task.Prompt ?? "") != RequestKey.Normalize(request.Prompt ?? ""))
            Compare(nameof(task.Prompt), task.Prompt, request.Prompt);
        Compare(nameof(task.AspectRatio), task.AspectRatio, request.AspectRatio);
        Compare(nameof(task.Resolution), task.Resolution, request.Resolution);
        Compare(nameof(task.ResponseModality), Join(task.ResponseModality), Join(request.ResponseModality));
        Compare(nameof(task.Model), task.Model, request.Model);
        string[] were = Images(task), are = Images(request);
        if (!were.SequenceEqual(are, StringComparer.Ordinal))
            fields.Add(were.Length == are.Length ? Messages.ImageDiffers : Messages.ImageCountDiffers(were.Length, are.Length));
        return fields;
    }

    private static string Join(IReadOnlyList<string>? words) => string.Join(", ", words ?? []);

    /// <summary>The identity of each input image. For a large image, the journal stores its length.</summary>
    private static string[] Images(ImageParameters parameters) =>
        [.. (parameters.ImageUrl ?? []).Select(url => SentDataUri.Shorten(url) is var kept && SentDataUri.IsNote(kept) ? kept
            : ImageKey.Of(url))];
}
