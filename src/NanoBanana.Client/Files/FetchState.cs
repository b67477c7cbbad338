namespace NanoBanana.Client.Files;

/// <summary>A download across its tries: what is there so far, and what proves that the rest belongs to it.</summary>
internal sealed class FetchState(Uri url, PartFile part)
{
    public Uri Url { get; } = url;

    public PartFile Part { get; } = part;

    /// <summary>The strong entity tag under which the bytes so far came; null when the server gave none.</summary>
    public string? EntityTag { get; set; }
}
