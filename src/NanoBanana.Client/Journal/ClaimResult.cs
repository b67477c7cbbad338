namespace NanoBanana.Client.Journal;

/// <summary>What the journal says to an intent to buy.</summary>
internal readonly record struct ClaimResult
{
    /// <summary>The row of the intent, now durable; null when the request is held already.</summary>
    public long? Row { get; init; }

    /// <summary>The task that holds the request, when one does.</summary>
    public ImageTask? Known { get; init; }
}
