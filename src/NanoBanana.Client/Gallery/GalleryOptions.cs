namespace NanoBanana.Client.Gallery;

/// <summary>How a gallery is to be written.</summary>
public sealed record GalleryOptions
{
    /// <summary>The full path of the page.</summary>
    public required string Path { get; init; }

    /// <summary>The heading of the page.</summary>
    public required string Title { get; init; }

    /// <summary>Whether the pictures go into the page; they are linked from there when not.</summary>
    public bool Embed { get; init; }

    /// <summary>Whether a file of that name may be replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Opens a picture.</summary>
    internal Func<string, FileStream> OpenPicture { get; init; } = Files.RegularFile.Open;

    /// <summary>The time that the page says it was written.</summary>
    public DateTimeOffset WrittenAt { get; init; } = DateTimeOffset.Now;
}
