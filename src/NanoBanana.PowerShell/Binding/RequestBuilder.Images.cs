using NanoBanana.Client.Files;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Binding;

/// <content>The input images of a request: in their order, and each file read once.</content>
internal sealed partial class RequestBuilder
{
    private readonly Dictionary<string, WeakReference<InputImage>> _images = new(StringComparer.Ordinal);
    private readonly Queue<InputImage> _recentImages = new();

    /// <summary>The input images: the image of the pipeline first, then addresses, then files.</summary>
    private IEnumerable<SentImage> Images(PromptInput input)
    {
        // Before the first pipeline object, a script block has no value.
        if (input.Source is not null || !command.MyInvocation.ExpectingInput)
        {
            CheckHasImage(nameof(command.ImagePath), command.ImagePath);
            CheckHasImage(nameof(command.ImageUrl), command.ImageUrl);
        }
        string[] urls = [.. (IgnoreBlankCells(nameof(command.ImageUrl), command.ImageUrl) ?? [])
            .SelectMany(url => url is null ? [url!] : CellText.Addresses(url))];
        string[] paths = ImagePaths();
        if (input.Source is PSObject source && (input.Row is null ? RowReader.IsModuleObject(source) : PromptInput.IsTask(input.Row))
            && !IsGiven(nameof(command.ImagePath)) && paths.Length > 0 && urls.Count(IsData) == paths.Length)
            return ReadAgain(urls, paths);
        if (input.ImageFile is { } piped)
            paths = [piped, .. paths.Where(path => path != piped)];
        if (input.ImageAddress is not null)
            urls = [input.ImageAddress, .. urls];
        // Counted before the files are read, because images can be large.
        if (urls.Length + paths.Length is var count and > ImageModel.MaximumImageUrls)
            throw Invalid(Messages.TooManyImages(count, IsGiven(nameof(command.ImagePath))));
        IEnumerable<SentImage> addresses = urls.Select(SentImage.OfAddress);
        return input.ImageFile is null
            ? addresses.Concat(paths.Select(Read))
            : [Read(paths[0]), .. addresses, .. paths.Skip(1).Select(Read)];
    }

    /// <summary>The images of an earlier request. Images from files are in memory, or are read again.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: a file no longer exists or has changed.
    /// </exception>
    private IEnumerable<SentImage> ReadAgain(string[] urls, string[] paths)
    {
        int file = 0;
        foreach (string url in urls)
        {
            if (!IsData(url))
            {
                yield return SentImage.OfAddress(url);
                continue;
            }
            string path = paths[file++];
            SentImage image = SentDataUri.IsNote(url) ? Read(path)
                : InputImage.Of(url) is { } known ? SentImage.OfFile(path, known)
                : SentImage.OfAddress(url) with { Path = path };
            if (SentDataUri.IsNote(url) && url != SentDataUri.Shorten(image.Url) && url != SentDataUri.Describe(image.Url))
                throw Invalid(Messages.ImageHasChanged(path));
            yield return image;
        }
    }

    /// <summary>Refuses a parameter without a value, such as a variable that is not set: a different image would be bought.</summary>
    private void CheckHasImage(string parameter, string[]? values)
    {
        if (IsGiven(parameter) && values?.Any(value => !string.IsNullOrWhiteSpace(value)) != true)
            throw Invalid(Messages.ImageParameterWithoutValue(parameter));
    }

    private static bool IsData(string? url) => url?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The image of a file. It is read once for all prompts while a task or a recent request keeps it in memory.</summary>
    private SentImage Read(string path) => SentImage.OfFile(path, Load(path));

    private InputImage Load(string path)
    {
        InputImage? known = null;
        _ = _images.TryGetValue(path, out WeakReference<InputImage>? kept) && kept.TryGetTarget(out known);
        InputImage image = InputImage.Read(path, known);
        if (ReferenceEquals(image, known))
            return image;
        if (image.Scaling is not null)
            command.WriteWarning(image.Scaling);
        _images[path] = new WeakReference<InputImage>(image);
        _recentImages.Enqueue(image);
        if (_recentImages.Count > ImageModel.MaximumImageUrls)
            _recentImages.Dequeue();
        return image;
    }

    private string[] ImagePaths() =>
        [.. (IgnoreBlankCells(nameof(command.ImagePath), command.ImagePath) ?? [])
            .SelectMany(cell => CellText.Paths(cell ?? "", path => PathReader.TryLiteral(command, path) is { } full && File.Exists(full)))
            .SelectMany(path => PathReader.Images(command, path))];

    /// <summary>An input image as it is sent.</summary>
    /// <param name="Url">The address of the image, or a data URI with its bytes.</param>
    /// <param name="Key">The key of the image when requests are compared.</param>
    /// <param name="KeyOfVersion1">The key as version 1 of the journal computed it.</param>
    /// <param name="Path">The full path of the file; null for an address.</param>
    private sealed record SentImage(string Url, string Key, string KeyOfVersion1, string? Path)
    {
        public static SentImage OfAddress(string url) => new(url, url is null ? "" : ImageKey.Of(url), url!, null);

        public static SentImage OfFile(string path, InputImage image) => new(image.DataUri, image.Key, image.KeyOfVersion1, path);
    }
}
