namespace NanoBanana;

/// <summary>One image of a completed task, as the provider describes it.</summary>
public sealed record ImageOutput
{
    /// <summary>The address of the image. It is temporary, typically for a day.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// Whether the answer contained the image itself, as base64 or as a data URI. Then <see cref="Url"/> is the address of that answer.
    /// </summary>
    public bool IsInline { get; init; }

    /// <summary>The bytes of an inline image. The journal does not store them, because the answer can be requested again.</summary>
    internal byte[]? Bytes { get; init; }

    /// <summary>The provider's id of the output; <see langword="null"/> if the provider gives none.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// The media type that the provider reports, such as <c>image/png</c>. The module uses the bytes of the file instead.
    /// </summary>
    public string? ContentType { get; init; }

    /// <summary>The file name that the provider suggests. It is not used as a path.</summary>
    public string? FileName { get; init; }

    /// <summary>The length of the file that the provider reports, in bytes. The module uses the length of the download instead.</summary>
    public long? FileSize { get; init; }

    /// <summary>The width in pixels; <see langword="null"/> if the provider does not report it.</summary>
    public int? Width { get; init; }

    /// <summary>The height in pixels; <see langword="null"/> if the provider does not report it.</summary>
    public int? Height { get; init; }

    /// <summary>The address in its escaped form, because an address can contain characters that reverse the text of a terminal.</summary>
    public override string ToString() => Url.AbsoluteUri;
}
