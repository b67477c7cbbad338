namespace NanoBanana.Client.Http;

/// <summary>What came back for a <see cref="WireCall"/>, read to its end.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The whole body, as <see cref="ShownBody"/> makes it.</param>
internal sealed record WireReply(int Status, byte[] Body)
{
    /// <summary>The media type of the body, when the server named one.</summary>
    public string? MediaType { get; init; }

    /// <summary>Where it came from: relative addresses in it count from there.</summary>
    public Uri? Address { get; init; }

    /// <summary>The server's id of the request, from its headers.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the server asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The moment until which the server asked for no requests.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The images that were sent with the request: an answer that repeats them gives no result.</summary>
    public IReadOnlyList<string> Sent { get; init; } = [];

    /// <summary>Whether a text repeats an image that was sent, as an address, a data URI, or its base64 alone.</summary>
    public bool IsSent(string text)
    {
        for (int i = 0; i < Sent.Count; i++)
        {
            if (Sent[i] == text || (text.Length > 200 && Sent[i].EndsWith(text, StringComparison.Ordinal)))
                return true;
        }
        return false;
    }

    public bool IsSuccess => Status is >= 200 and <= 299;
}
