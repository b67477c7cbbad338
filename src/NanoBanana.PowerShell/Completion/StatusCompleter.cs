using System.Collections;

namespace NanoBanana.Completion;

/// <summary>The statuses of tasks in the order in which they are gone through.</summary>
internal sealed class StatusCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        Enum.GetValues(typeof(ImageTaskStatus)).Cast<ImageTaskStatus>().Select(status => new Candidate(status.ToString(), Meaning(status)));

    private static string Meaning(ImageTaskStatus status) => status switch
    {
        ImageTaskStatus.Submitting => "Being sent at this moment",
        ImageTaskStatus.Unknown => "Sent, and no answer came: it may have been bought",
        ImageTaskStatus.Pending => "Accepted, not begun yet",
        ImageTaskStatus.Running => "Being made",
        ImageTaskStatus.Completed => "Done: its pictures can be saved",
        ImageTaskStatus.Failed => "Ended without a picture, with the reason in Error",
        ImageTaskStatus.Canceled => "Stopped before it was done",
        _ => status.ToString(),
    };
}
