namespace NanoBanana.Client.Gallery;

/// <summary>Why a card has no picture.</summary>
/// <param name="State">The word that the filter knows: <c>failed</c>, <c>running</c> or <c>missing</c>.</param>
/// <param name="Title">What stands in the picture's place.</param>
/// <param name="Reason">The reason, in a sentence or in the service's words.</param>
internal sealed record GalleryAbsence(string State, string Title, string Reason)
{
    /// <param name="task">The task; null for a file of which nothing is known.</param>
    /// <param name="problem">What is wrong with its file; null when none is known.</param>
    public static GalleryAbsence Of(ImageTask? task, string? problem) => task?.Status switch
    {
        ImageTaskStatus.Failed => new("failed", "Failed", task.Error?.ToString() ?? "The service gave no reason."),
        ImageTaskStatus.Canceled => new("failed", "Canceled", "The task was canceled."),
        ImageTaskStatus.Unknown => new("failed", "Fate unknown", "It was sent, and what became of it is not known. It may have been paid for."),
        ImageTaskStatus.Submitting or ImageTaskStatus.Pending or ImageTaskStatus.Running =>
            new("running", "Not done", "It was not done yet when it was last asked for."),
        ImageTaskStatus.Completed when task.Image.Count == 0 && problem is null =>
            new("failed", "No picture", task.Text is null ? "The task completed without a picture." : $"The task completed without a picture. The model says: {task.Text}"),
        _ => new("missing", "No file", problem ?? "It was not saved, or to a file that is not known here."),
    };
}
