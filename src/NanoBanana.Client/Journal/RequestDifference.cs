using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// In which fields a request of a batch differs from what the batch has bought under the same name or for the same prompt.
/// </summary>
public static class RequestDifference
{
    /// <summary>The longest value that is shown.</summary>
    private const int ShownLength = 40;

    /// <summary>The fields that differ, each with what it was and what it is now; empty when none of those that are sent does.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="task">What was bought.</param>
    public static IReadOnlyList<string> Of(ImageRequest request, ImageTask task)
    {
        var fields = new List<string>();
        void Compare(string field, string? was, string? now)
        {
            if ((was ?? "") != (now ?? ""))
                fields.Add($"{field} was {Shown(was)} and is {Shown(now)}");
        }
        if (RequestKey.Normalize(task.Prompt ?? "") != RequestKey.Normalize(request.Prompt ?? ""))
            Compare(nameof(task.Prompt), task.Prompt, request.Prompt);
        Compare(nameof(task.AspectRatio), task.AspectRatio, request.AspectRatio);
        Compare(nameof(task.Resolution), task.Resolution, request.Resolution);
        Compare(nameof(task.ResponseModality), Join(task.ResponseModality), Join(request.ResponseModality));
        Compare(nameof(task.Model), task.Model, request.Model);
        string[] were = Images(task), are = Images(request);
        if (!were.SequenceEqual(are, StringComparer.Ordinal))
            fields.Add(were.Length == are.Length ? "an input image is another one"
                : FormattableString.Invariant($"the input images were {were.Length} and are {are.Length}"));
        return fields;
    }

    private static string Join(IReadOnlyList<string>? words) => string.Join(", ", words ?? []);

    private static string Shown(string? value) => string.IsNullOrEmpty(value) ? "not given" : $"'{TextSafety.Excerpt(value, ShownLength)}'";

    /// <summary>What stands for each input image. Of a large one the journal keeps its length.</summary>
    private static string[] Images(ImageParameters parameters) =>
        [.. (parameters.ImageUrl ?? []).Select(url => SentDataUri.Shorten(url) is var kept && SentDataUri.IsNote(kept) ? kept
            : ImageKey.Of(url))];
}
