using System.Globalization;

namespace NanoBanana.Texts;

/// <content>What -WhatIf and -Confirm show before an image is bought.</content>
internal static partial class Messages
{
    public static string Buy(string shape, int imageCount, long tokens, string? model, IReadOnlyList<string>? paths) =>
        $"Buy 1 image, {shape}{(imageCount == 0 ? "" : $" from {Count(imageCount, "image")}")}, {tokens} output tokens, "
        + $"with {TextSafety.Excerpt(model, ShortLength)}{Upload(paths)}";

    public static string BuyNothing(string reason) => "Buy nothing: " + reason;

    public static string HeldByTask(string id, ImageTaskStatus status) =>
        $"Buy nothing: the batch already has this request ({(id.Length > 0 ? $"task {id}, " : "")}{status})";

    public const string HeldByUnknown =
        "Buy nothing: an earlier run sent this request and the outcome is unknown. To submit it again, use -ResubmitUnknown";

    public static string BuyAgain(string id, string reason) => $", again after task {(id.Length > 0 ? id : "without an id")}: {reason}";

    public const string OlderTaskHasNoImage = "that task has no image";

    public const string OlderTaskFailed = "that task has failed";

    public const string OlderTaskWasCanceled = "that task was canceled";

    public const string OlderOutcomeUnknown = "the outcome of that submission is unknown";

    public const string OneMoreEqualRequest =
        "the input contains this request more often than the batch. To submit it only once, remove the duplicates from the input";

    public static string PreviewTotal(int images, long tokens, int held, int unaffordable) =>
        $"In total: buy {Count(images, "image")}, {tokens} output tokens"
        + (held == 0 ? "" : $"; {held} already in the batch")
        + (unaffordable == 0 ? "" : $"; {unaffordable} {(unaffordable == 1 ? "exceeds" : "exceed")} the budget") + ".";

    public static string PromptsLookLikeComments(int count) => string.Format(
        CultureInfo.InvariantCulture,
        "{0} {1} like a comment and {2} submitted like any other prompt. To omit comments, use Get-Content FILE | "
        + "Where-Object {{ $_ -notlike '#*' }}",
        count, count == 1 ? "prompt begins" : "prompts begin", count == 1 ? "is" : "are");

    /// <summary>The local files that a request sends, with their whole paths: the row that contains them can be from anyone.</summary>
    private static string Upload(IReadOnlyList<string>? paths) => paths is not { Count: > 0 }
        ? ""
        : ", and upload " + string.Join(", ", paths.Select(path => Quote(path, int.MaxValue)));
}
