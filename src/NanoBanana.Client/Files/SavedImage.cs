namespace NanoBanana.Client.Files;

/// <summary>A complete image on the disk.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Task">The task that made it.</param>
/// <param name="ImageNumber">The index of the image in the task, from 0.</param>
/// <param name="Length">The size of the file, in bytes.</param>
/// <param name="PixelSize">The width and height from the content of the file; null if they can't be read.</param>
/// <param name="Sha256">The SHA-256 hash of the file, 64 lowercase hexadecimal digits.</param>
public sealed record SavedImage(string Path, ImageTask Task, int ImageNumber, long Length, PixelSize? PixelSize, string Sha256)
{
    /// <summary>Whether the image was saved here before and the file no longer exists, for example because the user moved it.</summary>
    public bool IsMoved { get; init; }

    /// <summary>The machine that saved the image, so it is not saved here; null for an image on a disk of this machine.</summary>
    public string? Machine { get; init; }

    /// <summary>
    /// The requested aspect ratio and size, such as <c>16:9 2K (2752x1536)</c>; null if the request has no such value, or if the sizes of
    /// the model are not known.
    /// </summary>
    public string? RequestedSize => Requested?.ToString();

    /// <summary>
    /// Whether the image has the requested aspect ratio and size, except for small differences; null if this is not known.
    /// </summary>
    public bool? IsAsRequested => PixelSize is { } actual ? Requested?.IsMetBy(actual) : null;

    private Images.RequestedSize? Requested => Images.RequestedSize.Of(Task);
}
