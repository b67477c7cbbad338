namespace NanoBanana.Client.Wire;

/// <summary>The provider's words for where a task stands. Source: the table in the design, from the provider's texts.</summary>
internal static class StatusWords
{
    /// <summary>What a word means; a word never seen before is a task that goes on.</summary>
    public static ImageTaskStatus Read(string word, out bool known)
    {
        ImageTaskStatus? status = word.ToUpperInvariant() switch
        {
            "PENDING" or "QUEUED" or "IN_QUEUE" => ImageTaskStatus.Pending,
            "IN_PROGRESS" or "PROCESSING" or "CANCELLATION_REQUESTED" or "CANCELING" or "CANCELLING" => ImageTaskStatus.Running,
            "COMPLETED" => ImageTaskStatus.Completed,
            "FAILED" => ImageTaskStatus.Failed,
            "CANCELED" or "CANCELLED" => ImageTaskStatus.Canceled,
            _ => null,
        };
        known = status is not null;
        return status ?? ImageTaskStatus.Running;
    }
}
