namespace NanoBanana;

/// <summary>One image that a completed task made, as the provider describes it.</summary>
public sealed record ImageOutput
{
    /// <summary>Where the image can be fetched. A temporary address: a day is typical.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// True for an image that came within the answer, as base64 or a data URI, and has no address of its own:
    /// <see cref="Url"/> is then the address of that answer.
    /// </summary>
    public bool IsInline { get; init; }

    /// <summary>The bytes of an inline image. The journal does not store them: the answer can be asked for again.</summary>
    internal byte[]? Bytes { get; init; }

    /// <summary>The provider's id of the output, when it gives one.</summary>
    public string? Id { get; init; }

    /// <summary>The media type that the provider claims, such as <c>image/png</c>. The file's bytes decide.</summary>
    public string? ContentType { get; init; }

    /// <summary>The file name that the provider suggests. Never used as a path as it is.</summary>
    public string? FileName { get; init; }

    /// <summary>The length of the file in bytes that the provider claims. The download's own length decides.</summary>
    public long? FileSize { get; init; }

    /// <summary>Width in pixels, when the provider tells.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, when the provider tells.</summary>
    public int? Height { get; init; }

    /// <summary>The address, escaped as it is sent: an address can hide marks that turn a line of a terminal around.</summary>
    public override string ToString() => Url.AbsoluteUri;
}
