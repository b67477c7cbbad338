using System.Globalization;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;
using NanoBanana.Commands;

namespace NanoBanana.Binding;

/// <summary>Makes checked requests from the bound parameters of New-NanoBananaImage.</summary>
internal sealed class RequestBuilder(NewNanoBananaImageCommand command)
{
    // Copied before the first pipeline object: contains only parameters of the command line.
    private readonly HashSet<string> _commandLine = new(command.MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, WeakReference<InputImage>> _images = new(StringComparer.Ordinal);
    private readonly Queue<InputImage> _recentImages = new();
    private readonly CompactSet _different = new();
    /// <summary>The keys of version 1 of the first requests, if they are other keys.</summary>
    private readonly Dictionary<ulong, ulong> _version1 = [];
    /// <summary>The numbers of requests that came more than once.</summary>
    private readonly Dictionary<ulong, int> _equals = [];
    private readonly Dictionary<ulong, int> _equalsOfVersion1 = [];
    private readonly Dictionary<(string? Batch, string Name, string? Variation), (string Name, string Prompt)> _names = [];
    private bool _warnedOfName;
    private bool _warnedOfEncoding;
    private bool _warnedOfNumber;

    /// <summary>Whether the command line gives a parameter.</summary>
    public bool IsGiven(string parameter) => _commandLine.Contains(parameter);

    /// <summary>Whether -Prompt is a script block that computes the prompt from each object. It has no value yet.</summary>
    public bool ComputesPrompt { get; } = command.Prompt is null
        && command.MyInvocation.BoundParameters.ContainsKey(nameof(command.Prompt));

    /// <summary>Checks the values of the command line once, before any prompt.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not valid.</exception>
    public void CheckGiven() => Variations(Make(new PromptInput(null, "any"), 0), earlierVariation: null)
        .ForEach(request => _ = RequestRules.Check(request));

    /// <summary>The requests of an input: one for each combination of aspect ratio, resolution and number.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not valid.</exception>
    public IReadOnlyList<ImageRequest> Build(PromptInput input, int index)
    {
        ImageRequest made = Make(input, index);
        if (!IsGiven(nameof(command.Batch)) && input.IsCompletedTask)
            made = made with { Batch = null };
        // A failed variation that is submitted again keeps its variation.
        string? earlierVariation = input.Source is PSObject task && PromptInput.IsTask(task) && !input.IsCompletedTask
            ? task.Properties[nameof(ImageParameters.Variation)]?.Value as string : null;
        List<ImageRequest> requests = Variations(made, earlierVariation).ConvertAll(RequestRules.Check);
        CheckText(requests[0]);
        requests.ForEach(CheckName);
        return made.Batch is null ? requests : requests.ConvertAll(Counted);
    }

    private List<ImageRequest> Variations(ImageRequest request, string? earlierVariation)
    {
        string?[] ratios = Values(nameof(command.AspectRatio), "aspect ratios", command.AspectRatio, CellText.AspectRatio);
        string?[] resolutions = Values(nameof(command.Resolution), "resolutions", command.Resolution, CellText.Resolution);
        if (ratios.Length * resolutions.Length * command.Count == 1)
            return [request with { AspectRatio = ratios[0], Resolution = resolutions[0], Variation = earlierVariation }];
        var variations = from ratio in ratios
                         from resolution in resolutions
                         from number in Enumerable.Range(1, command.Count)
                         let parts = new[]
                         {
                             ratios.Length > 1 ? ratio?.Trim().Replace(':', 'x') : null,
                             resolutions.Length > 1 ? resolution?.Trim() : null,
                             number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null,
                         }
                         select request with
                         {
                             AspectRatio = ratio,
                             Resolution = resolution,
                             Variation = string.Join("-", parts.OfType<string>()) is { Length: > 0 } name ? name : null,
                         };
        return [.. variations];
    }

    /// <summary>The values of a parameter; one null if it has no value.</summary>
    private string?[] Values(string parameter, string what, string[]? given, Func<string?, string?> read)
    {
        string?[] values = GivenItems(parameter, given) switch
        {
            null or [] => [null],
            [var only] => [read(only)],
            var several => [.. several.Select(read).Distinct(StringComparer.OrdinalIgnoreCase)],
        };
        // As with prompts, a row must not decide how many images are bought: its file can be from anyone.
        if (values.Length > 1 && !IsGiven(parameter))
            throw Invalid(Messages.SeveralValuesInRow(values.Length, what, parameter));
        return values;
    }

    /// <summary>
    /// Numbers equal requests of one run, so that each is submitted. The same numbers in the next run are the same requests.
    /// </summary>
    private ImageRequest Counted(ImageRequest request)
    {
        request = request with { ContentHash = RequestKey.ContentHash(request) };
        (ulong key, ulong version1) = RequestKey.OrdinalKeys(request);
        if (_different.Add(key))
        {
            if (version1 != key)
                _version1[key] = version1;
            return request;
        }
        if (!_equals.ContainsKey(key))
        {
            _equals[key] = 1;
            _equalsOfVersion1[_version1.TryGetValue(key, out ulong first) ? first : key] = 1;
        }
        return request with { Ordinal = Count(_equals, key), OrdinalOfVersion1 = Count(_equalsOfVersion1, version1) };
    }

    private static int Count(Dictionary<ulong, int> equals, ulong key)
    {
        equals.TryGetValue(key, out int count);
        equals[key] = count + 1;
        return count;
    }

    /// <summary>Refuses text that is certainly damaged, and warns once about text that is probably damaged.</summary>
    private void CheckText(ImageRequest request)
    {
        CellText.Check("The prompt", request.Prompt);
        CellText.Check("The name", request.Name);
        CellText.Check("The name of the batch", request.Batch);
        if (!_warnedOfEncoding && (CellText.Mojibake(request.Prompt) ?? CellText.Mojibake(request.Name)) is { } found)
        {
            _warnedOfEncoding = true;
            command.WriteWarning(Messages.ProbablyUtf8(request.Prompt, found.Wrong, found.Right));
        }
        if (!_warnedOfNumber && CellText.IsShortenedNumber(request.Name))
        {
            _warnedOfNumber = true;
            command.WriteWarning(Messages.ShortenedNumber(request.Name));
        }
    }

    /// <summary>Refuses a second prompt with the same name in a batch, because it would supersede the first one in the same run.</summary>
    private void CheckName(ImageRequest request)
    {
        if (request.Name is null)
            return;
        string prompt = TextSafety.Excerpt(request.Prompt, Messages.ShortLength);
        (string?, string, string?) key = (request.Batch, FileNames.KeyOfName(request.Name), request.Variation);
        if (!_names.TryGetValue(key, out (string Name, string Prompt) first))
        {
            _names[key] = (request.Name, prompt);
            return;
        }
        bool isSame = first.Name == request.Name;
        if (request.Batch is not null && isSame)
            throw Invalid(Messages.NameUsedTwiceInBatch(request.Name, first.Prompt, prompt));
        if (!_warnedOfName)
        {
            command.WriteWarning(isSame
                ? Messages.NameUsedTwice(request.Name, first.Prompt, prompt)
                : Messages.NamesMakeOneFile(first.Name, request.Name, first.Prompt, prompt));
        }
        _warnedOfName = true;
    }

    /// <summary>The unchecked request of an input, without the parameters that accept several values.</summary>
    private ImageRequest Make(PromptInput input, int index)
    {
        // The Name of a piped prompt file has an extension that the image does not have.
        string? name = input.File is not null && !IsGiven(nameof(command.Name))
            ? Path.GetFileNameWithoutExtension(input.File) : command.Name;
        SentImage[] images = [.. Images(input)];
        bool hasFiles = images.Any(image => image.Path is not null);
        return new ImageRequest
        {
            Prompt = input.File is null ? input.Text ?? "" : PromptReader.ReadFile(input.File),
            Model = Given(nameof(command.Model), command.Model) ?? ImageModel.DefaultId,
            ImageUrl = [.. images.Select(image => image.Url)],
            ImageKeys = hasFiles ? [.. images.Select(image => image.Key)] : null,
            ImageKeysOfVersion1 = hasFiles ? [.. images.Select(image => image.KeyOfVersion1)] : null,
            ImagePath = hasFiles ? [.. images.Select(image => image.Path).OfType<string>()] : null,
            ResponseModality = GivenItems(nameof(command.ResponseModality), command.ResponseModality)?
                .SelectMany(item => string.IsNullOrWhiteSpace(item) ? [item] : CellText.Words(item)).ToArray(),
            Name = string.IsNullOrWhiteSpace(name) ? null : name!.Trim(),
            // A null, such as a variable without a value, would be no batch, and the next run would buy the same images again.
            Batch = Given(nameof(command.Batch), command.Batch) ?? (IsGiven(nameof(command.Batch)) ? "" : null),
            InputIndex = index,
            Source = WrittenText.Unwrap(input.Source) as string ?? input.Source,
            ResubmitUnknown = command.ResubmitUnknown,
        };
    }

    /// <summary>The input images: the image of the pipeline first, then addresses, then files.</summary>
    private IEnumerable<SentImage> Images(PromptInput input)
    {
        // Before the first pipeline object, a script block has no value.
        if (input.Source is not null || !command.MyInvocation.ExpectingInput)
        {
            CheckHasImage(nameof(command.ImagePath), command.ImagePath);
            CheckHasImage(nameof(command.ImageUrl), command.ImageUrl);
        }
        string[] urls = [.. (GivenItems(nameof(command.ImageUrl), command.ImageUrl) ?? [])
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

    /// <summary>Reads an image file once for all prompts, as long as a task or a recent request keeps it in memory.</summary>
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
        [.. (GivenItems(nameof(command.ImagePath), command.ImagePath) ?? [])
            .SelectMany(cell => CellText.Paths(cell ?? "", path => PathReader.TryLiteral(command, path) is { } full && File.Exists(full)))
            .SelectMany(path => PathReader.Images(command, path))];

    /// <summary>Ignores an empty cell of a row. An empty value on the command line is kept, because it is a mistake.</summary>
    private string? Given(string parameter, string? value) =>
        string.IsNullOrWhiteSpace(value) && !IsGiven(parameter) ? null : value;

    private string[]? GivenItems(string parameter, string[]? values) =>
        values is null || IsGiven(parameter) ? values : [.. values.Where(v => !string.IsNullOrWhiteSpace(v))];

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);

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
