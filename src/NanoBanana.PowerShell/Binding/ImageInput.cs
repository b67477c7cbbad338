using NanoBanana.Client.Files;
using NanoBanana.Client.Images;

namespace NanoBanana.Binding;

/// <summary>Finds the image that an object is: a file, a saved image, or what a completed task has made.</summary>
internal static class ImageInput
{
    /// <summary>The full path of a file that was found on the disk; null for any other object.</summary>
    /// <param name="value">A file, also from a job or from Import-Clixml.</param>
    public static string? PathOf(object? value) => value is null ? null : WrittenText.Unwrap(value) switch
    {
        FileSystemInfo file => file.FullName,
        PathInfo path => path.ProviderPath,
        string => null,
        _ => PSObject.AsPSObject(value) is var item && item.TypeNames.Any(IsFileType) ? item.Properties["FullName"]?.Value as string : null,
    };

    /// <summary>Whether a file begins as an image does.</summary>
    public static bool IsImage(string path)
    {
        try
        {
            using FileStream file = RegularFile.Open(path);
            byte[] start = new byte[ImageFormat.SignatureLength];
            int length = file.Read(start, 0, start.Length);
            return ImageFormat.ExtensionOf(start.AsSpan(0, length)) is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The first file that a task's image was saved to and that is still there; null when there is none.</summary>
    public static string? FileOf(PSObject task) => TaskReader.Read(task)?.File?[0];

    /// <summary>The address of the image that a completed task has made.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it has none that can be sent.</exception>
    public static string AddressOf(PSObject task)
    {
        ImageTask? read = TaskReader.Read(task);
        if (read?.Status != ImageTaskStatus.Completed)
            throw Refuse("The task has not completed, so it has no image yet. Wait for it: $task | Wait-NanoBananaTask.");
        return read.Image switch
        {
            [] => throw Refuse($"Task {read.Id} has no image."),
            [var image, ..] => AddressOf(image),
        };
    }

    /// <inheritdoc cref="AddressOf(PSObject)"/>
    public static string AddressOf(ImageOutput image) => image.IsInline
        ? throw Refuse("The image came within the service's answer and has no address. Save it with Save-NanoBananaImage, and give the file with -ImagePath.")
        : image.Url.AbsoluteUri;

    private static bool IsFileType(string name) => name.EndsWith("System.IO.FileInfo", StringComparison.Ordinal);

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}

/// <summary>Takes input images: paths as text, files, saved images, and tasks whose image is saved.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ImagePathAttribute : TextListAttribute
{
    /// <inheritdoc/>
    protected override string TextOf(object item) => (WrittenText.Unwrap(item) as string ?? ImageInput.PathOf(item)
        ?? ImageInput.FileOf(PSObject.AsPSObject(item))) is { } path
        ? path
        : throw new ArgumentTransformationMetadataException(PSObject.AsPSObject(item) is var task && PromptInput.IsTask(task)
            ? "This is a task without a saved image. Save it with Save-NanoBananaImage, or give its image with -ImageUrl $task."
            : WrittenText.Unwrap(item) is Uri
            ? "This is an address, not an image file. Give it with -ImageUrl."
            : $"An input image is a path or a file, and this is {PromptReader.Kind(WrittenText.Unwrap(item)!)}. Give a path, a file of Get-Item, or a saved image.");
}

/// <summary>Takes addresses of input images: text, addresses, tasks that have completed, and their images.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ImageUrlAttribute : TextListAttribute
{
    /// <inheritdoc/>
    protected override string TextOf(object item)
    {
        try
        {
            return WrittenText.Unwrap(item) switch
            {
                string text => text,
                Uri { IsAbsoluteUri: true } address => address.AbsoluteUri,
                ImageOutput image => ImageInput.AddressOf(image),
                _ when PSObject.AsPSObject(item) is var task && PromptInput.IsTask(task) => ImageInput.AddressOf(task),
                _ when ImageInput.PathOf(item) is not null =>
                    throw new ArgumentTransformationMetadataException("This is a file, not an address. Give it with -ImagePath."),
                _ => throw new ArgumentTransformationMetadataException(
                    $"An image address is text, and this is {PromptReader.Kind(WrittenText.Unwrap(item)!)}. Give an address, a completed task, or its Image property."),
            };
        }
        catch (NanoBananaException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
