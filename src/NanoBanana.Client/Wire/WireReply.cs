namespace NanoBanana.Client.Wire;

/// <summary>What came back for a <see cref="WireCall"/>, read to its end.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The whole body.</param>
internal sealed record WireReply(int Status, byte[] Body)
{
    /// <summary>The media type of the body, when the server named one.</summary>
    public string? MediaType { get; init; }

    /// <summary>The server's id of the request, from its headers.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the server asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where a redirect points.</summary>
    public Uri? Location { get; init; }

    public bool IsSuccess => Status is >= 200 and <= 299;
}
