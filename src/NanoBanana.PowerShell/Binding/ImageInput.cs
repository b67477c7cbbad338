using NanoBanana.Client.Files;
using NanoBanana.Client.Images;

namespace NanoBanana.Binding;

/// <summary>Finds the image of an object: a file, a saved image, or the image of a completed task.</summary>
internal static class ImageInput
{
    /// <summary>The full path of a file object; null for any other object.</summary>
    /// <param name="value">A file, also from a job or from Import-Clixml.</param>
    public static string? PathOf(object? value) => value is null ? null : OriginalText.Unwrap(value) switch
    {
        FileSystemInfo file => file.FullName,
        PathInfo path => path.ProviderPath,
        string => null,
        _ => PSObject.AsPSObject(value) is var item && item.TypeNames.Any(IsFileType) ? item.Properties["FullName"]?.Value as string : null,
    };

    /// <summary>Whether a file starts with the signature of an image format.</summary>
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

    /// <summary>The first existing file of a task's image; null if no file exists.</summary>
    public static string? FileOf(PSObject task) => TaskReader.Read(task)?.File?[0];

    /// <summary>The address of the image of a completed task.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it has no address that can be sent.
    /// </exception>
    public static string AddressOf(PSObject task)
    {
        ImageTask? read = TaskReader.Read(task);
        if (read?.Status != ImageTaskStatus.Completed)
            throw Invalid(Messages.TaskNotCompleted);
        return read.Image switch
        {
            [] => throw Invalid(Messages.TaskWithoutImage(read.Id)),
            [var image, ..] => AddressOf(image),
        };
    }

    /// <inheritdoc cref="AddressOf(PSObject)"/>
    public static string AddressOf(ImageOutput image) => image.IsInline
        ? throw Invalid(Messages.ImageWithoutAddress)
        : image.Url.AbsoluteUri;

    private static bool IsFileType(string name) => name.EndsWith("System.IO.FileInfo", StringComparison.Ordinal);

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}

/// <summary>Takes input images: paths as text, files, saved images, and tasks whose image is saved.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ImagePathAttribute : TextListAttribute
{
    /// <inheritdoc/>
    protected override string TextOf(object item) => (OriginalText.Unwrap(item) as string ?? ImageInput.PathOf(item)
        ?? ImageInput.FileOf(PSObject.AsPSObject(item))) is { } path
        ? path
        : throw new ArgumentTransformationMetadataException(PSObject.AsPSObject(item) is var task && PromptInput.IsTask(task)
            ? Messages.TaskWithoutSavedImage
            : OriginalText.Unwrap(item) is Uri address
            ? Messages.AddressInImagePath($"{address}")
            : Messages.NotAnImagePath(Messages.KindOf(OriginalText.Unwrap(item)!)));
}

/// <summary>Takes addresses of input images: text, addresses, completed tasks, and their images.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ImageUrlAttribute : TextListAttribute
{
    /// <inheritdoc/>
    protected override string TextOf(object item)
    {
        try
        {
            return OriginalText.Unwrap(item) switch
            {
                string text => text,
                Uri { IsAbsoluteUri: true } address => address.AbsoluteUri,
                ImageOutput image => ImageInput.AddressOf(image),
                _ when PSObject.AsPSObject(item) is var task && PromptInput.IsTask(task) => ImageInput.AddressOf(task),
                _ when ImageInput.PathOf(item) is not null =>
                    throw new ArgumentTransformationMetadataException(Messages.FileAsImageUrl),
                _ => throw new ArgumentTransformationMetadataException(
                    Messages.NotAnImageUrl(Messages.KindOf(OriginalText.Unwrap(item)!))),
            };
        }
        catch (NanoBananaException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
