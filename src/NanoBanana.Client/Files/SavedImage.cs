

namespace NanoBanana.Client.Files;

/// <summary>An image that is on disk, whole.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Task">The task that made it.</param>
/// <param name="ImageNumber">Which of the task's images, from 0.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="PixelSize">Width and height, read from its bytes; null when they don't say.</param>
/// <param name="Sha256">The hash of its bytes, 64 hexadecimal digits in lower case.</param>
public sealed record SavedImage(string Path, ImageTask Task, int ImageNumber, long Length, PixelSize? PixelSize, string Sha256)
{
    /// <summary>Whether it was saved here before and is no longer here: somebody has moved it to where it is used.</summary>
    public bool IsMoved { get; init; }

    /// <summary>The machine that has saved it, so that it is not saved here; null for one that is on a disk of this machine.</summary>
    public string? Machine { get; init; }

    /// <summary>The shape and size that was asked for, such as <c>16:9 2K (2752x1536)</c>; null when none was, or the model's sizes are not known.</summary>
    public string? RequestedSize => Requested?.ToString();

    /// <summary>Whether it has the shape and size that was asked for, apart from small differences; null when that can't be said.</summary>
    public bool? IsAsRequested => PixelSize is { } came ? Requested?.IsMetBy(came) : null;

    private Images.RequestedSize? Requested => Images.RequestedSize.Of(Task);
}
