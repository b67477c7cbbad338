using System.Globalization;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;
using NanoBanana.Commands;

namespace NanoBanana.Binding;

/// <summary>Makes checked requests from what was bound to New-NanoBananaImage.</summary>
internal sealed class RequestBuilder(NewNanoBananaImageCommand command)
{
    // Taken before the first pipeline object: what is here was written on the command line.
    private readonly HashSet<string> _commandLine = new(command.MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, WeakReference<InputImage>> _images = new(StringComparer.Ordinal);
    private readonly Queue<InputImage> _recentImages = new();
    private readonly Dictionary<Guid, int> _equals = [];
    private readonly Dictionary<Guid, int> _equalsOfVersion1 = [];
    private readonly Dictionary<(string? Batch, string Name, string? Variation), (string Name, string Prompt)> _names = [];
    private bool _warnedOfName;
    private bool _warnedOfEncoding;
    private bool _warnedOfNumber;

    /// <summary>Whether the command line gives a parameter.</summary>
    public bool IsGiven(string parameter) => _commandLine.Contains(parameter);

    /// <summary>Whether -Prompt is a script block that makes the prompt from each object: PowerShell has no value for it yet.</summary>
    public bool ComputesPrompt { get; } = command.Prompt is null && command.MyInvocation.BoundParameters.ContainsKey(nameof(command.Prompt));

    /// <summary>Checks the values of the command line once, before any prompt.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>.</exception>
    public void CheckGiven() => Variations(Make(new PromptInput(null, "any"), 0), carried: null).ForEach(request => _ = RequestRules.Check(request));

    /// <summary>The requests of an input: several ratios, resolutions and numbers multiply.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>.</exception>
    public IReadOnlyList<ImageRequest> Build(PromptInput input, int index)
    {
        ImageRequest made = Make(input, index);
        if (!IsGiven(nameof(command.Batch)) && input.IsCompletedTask)
            made = made with { Batch = null };
        // A variation that failed is the same variation when it is tried again.
        string? carried = input.Source is PSObject task && PromptInput.IsTask(task) && !input.IsCompletedTask
            ? task.Properties[nameof(ImageParameters.Variation)]?.Value as string : null;
        List<ImageRequest> requests = Variations(made, carried).ConvertAll(RequestRules.Check);
        CheckText(requests[0]);
        requests.ForEach(CheckName);
        return made.Batch is null ? requests : requests.ConvertAll(Counted);
    }

    private List<ImageRequest> Variations(ImageRequest request, string? carried)
    {
        string?[] ratios = Values(nameof(command.AspectRatio), "aspect ratios", command.AspectRatio, CellText.AspectRatio);
        string?[] resolutions = Values(nameof(command.Resolution), "resolutions", command.Resolution, CellText.Resolution);
        if (ratios.Length * resolutions.Length * command.Count == 1)
            return [request with { AspectRatio = ratios[0], Resolution = resolutions[0], Variation = carried }];
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

    /// <summary>The values of a parameter; a null where there is none.</summary>
    private string?[] Values(string parameter, string what, string[]? given, Func<string?, string?> read)
    {
        string?[] values = GivenItems(parameter, given) switch
        {
            null or [] => [null],
            [var only] => [read(only)],
            var several => [.. several.Select(read).Distinct(StringComparer.OrdinalIgnoreCase)],
        };
        // As with prompts, a row of someone else's file must not choose how many images are bought.
        if (values.Length > 1 && !IsGiven(parameter))
            throw Refuse($"The object has {values.Length} {what}, and an object buys one image. Nothing was sent for it. Give one, or give several with -{parameter}.");
        return values;
    }

    private ImageRequest Counted(ImageRequest request)
    {
        request = request with { ContentHash = RequestKey.ContentHash(request) };
        return request with
        {
            Ordinal = Count(_equals, RequestKey.InRun(request, asVersion1: false)),
            OrdinalOfVersion1 = Count(_equalsOfVersion1, RequestKey.InRun(request, asVersion1: true)),
        };
    }

    /// <summary>Refuses what is certainly not what somebody wrote, and warns once of what probably is not.</summary>
    private void CheckText(ImageRequest request)
    {
        CellText.Check("The prompt", request.Prompt);
        CellText.Check("The name", request.Name);
        CellText.Check("The name of the batch", request.Batch);
        if (!_warnedOfEncoding && (CellText.Mojibake(request.Prompt) ?? CellText.Mojibake(request.Name)) is { } found)
        {
            _warnedOfEncoding = true;
            command.WriteWarning(
                $"'{TextSafety.Excerpt(request.Prompt, 40)}' has '{found.Wrong}' where '{found.Right}' is probably meant: "
                + "a file in UTF-8 was read in another encoding. Read it with -Encoding utf8.");
        }
        if (!_warnedOfNumber && CellText.IsShortenedNumber(request.Name))
        {
            _warnedOfNumber = true;
            command.WriteWarning($"The name '{TextSafety.Excerpt(request.Name)}' is a long number that a spreadsheet has shortened. "
                + $"Format the column as text, so that its digits are kept.");
        }
    }

    /// <summary>A name of a batch is one image: the next prompt of a run would supersede what the first has just bought.</summary>
    private void CheckName(ImageRequest request)
    {
        if (request.Name is null)
            return;
        string prompt = TextSafety.Excerpt(request.Prompt, 40);
        (string?, string, string?) key = (request.Batch, FileNames.KeyOfName(request.Name), request.Variation);
        if (!_names.TryGetValue(key, out (string Name, string Prompt) first))
        {
            _names[key] = (request.Name, prompt);
            return;
        }
        bool isSame = first.Name == request.Name;
        string taken = isSame
            ? $"The name '{TextSafety.Excerpt(request.Name)}' is taken by '{first.Prompt}' in this run"
            : $"The names '{TextSafety.Excerpt(first.Name)}' and '{TextSafety.Excerpt(request.Name)}' make one file name: the first is "
                + $"that of '{first.Prompt}'";
        const string Advice = "Give each prompt a name of its own, for example in a Name column, or leave -Name out.";
        if (request.Batch is not null && isSame)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.InvalidRequest, $"{taken}, and a name of a batch is one image; '{prompt}' was not sent. {Advice}");
        }
        if (!_warnedOfName)
            command.WriteWarning($"{taken}, and '{prompt}' has it too: files that are named by it alone are not saved. {Advice}");
        _warnedOfName = true;
    }

    /// <summary>Equal requests of one run are meant; equal ones of the next run are the same again.</summary>
    private static int Count(Dictionary<Guid, int> equals, Guid key)
    {
        equals.TryGetValue(key, out int ordinal);
        equals[key] = ordinal + 1;
        return ordinal;
    }

    /// <summary>The request of an input, unchecked, without the values that can be several.</summary>
    private ImageRequest Make(PromptInput input, int index)
    {
        // A file piped in has a Name of its own, with an extension that is not the image's.
        string? name = input.File is not null && !IsGiven(nameof(command.Name)) ? Path.GetFileNameWithoutExtension(input.File) : command.Name;
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
                .SelectMany(word => string.IsNullOrWhiteSpace(word) ? [word] : CellText.Words(word)).ToArray(),
            Name = string.IsNullOrWhiteSpace(name) ? null : name!.Trim(),
            // A null, such as a variable without a value, would buy the same again at the next run.
            Batch = Given(nameof(command.Batch), command.Batch) ?? (IsGiven(nameof(command.Batch)) ? "" : null),
            InputIndex = index,
            Source = WrittenText.Unwrap(input.Source) as string ?? input.Source,
            ResubmitUnknown = command.ResubmitUnknown,
        };
    }

    /// <summary>The input images: that of the pipeline first, then addresses, then files.</summary>
    private IEnumerable<SentImage> Images(PromptInput input)
    {
        // Before the first object of the pipeline a script block has no value yet.
        if (input.Source is not null || !command.MyInvocation.ExpectingInput)
        {
            CheckHasImage(nameof(command.ImagePath), command.ImagePath);
            CheckHasImage(nameof(command.ImageUrl), command.ImageUrl);
        }
        string[] urls = [.. (GivenItems(nameof(command.ImageUrl), command.ImageUrl) ?? []).SelectMany(url => url is null ? [url!] : CellText.Addresses(url))];
        string[] paths = ImagePaths();
        if (input.Source is PSObject source && (input.Row is null ? RowReader.IsOurs(source) : PromptInput.IsTask(input.Row))
            && !IsGiven(nameof(command.ImagePath)) && paths.Length > 0 && urls.Count(IsData) == paths.Length)
            return Again(urls, paths);
        if (input.ImageFile is { } piped)
            paths = [piped, .. paths.Where(path => path != piped)];
        if (input.ImageAddress is not null)
            urls = [input.ImageAddress, .. urls];
        // Counted before the files are read: three images can be large.
        if (urls.Length + paths.Length is var count and > ImageModel.MaximumImageUrls)
        {
            string each = IsGiven(nameof(command.ImagePath)) ? " To send a request for each image: Get-ChildItem *.png | New-NanoBananaImage 'PROMPT'." : "";
            throw Refuse($"{count} images were given. The model takes at most {ImageModel.MaximumImageUrls} images with a prompt; leave out {count - ImageModel.MaximumImageUrls}.{each}");
        }
        IEnumerable<SentImage> addresses = urls.Select(SentImage.OfAddress);
        return input.ImageFile is null ? addresses.Concat(paths.Select(Read)) : [Read(paths[0]), .. addresses, .. paths.Skip(1).Select(Read)];
    }

    /// <summary>The images of a request that was made before: those that were files are still in memory, or are read again.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a file is gone, or is another one now.</exception>
    private IEnumerable<SentImage> Again(string[] urls, string[] paths)
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
            SentImage image = SentDataUri.IsNote(url) ? Read(path) : InputImage.Of(url) is { } known ? SentImage.OfFile(path, known) : SentImage.OfAddress(url) with { Path = path };
            if (SentDataUri.IsNote(url) && url != SentDataUri.Shorten(image.Url) && url != SentDataUri.Describe(image.Url))
                throw Refuse($"The image '{TextSafety.Excerpt(path, 300)}' has changed since the request was made, and nothing was sent. To use it as it is now, give it again with -ImagePath.");
            yield return image;
        }
    }

    /// <summary>Refuses a parameter without a value, such as a variable that is not set: without its image another one would be bought.</summary>
    private void CheckHasImage(string parameter, string[]? values)
    {
        if (IsGiven(parameter) && values?.Any(value => !string.IsNullOrWhiteSpace(value)) != true)
            throw Refuse($"-{parameter} is given without a value, and nothing was sent. Give an image, or leave -{parameter} out.");
    }

    private static bool IsData(string? url) => url?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads an image file, once for all prompts: what the tasks in hand were made from is still in memory.</summary>
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

    /// <summary>An empty cell of a row is a value not given; an empty value on the command line is a mistake, and stays.</summary>
    private string? Given(string parameter, string? value) =>
        string.IsNullOrWhiteSpace(value) && !IsGiven(parameter) ? null : value;

    private string[]? GivenItems(string parameter, string[]? values) =>
        values is null || IsGiven(parameter) ? values : [.. values.Where(v => !string.IsNullOrWhiteSpace(v))];

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);

    /// <summary>An input image as it is sent.</summary>
    /// <param name="Url">Its address, or the image itself.</param>
    /// <param name="Key">What stands for it when requests are compared.</param>
    /// <param name="KeyOfVersion1">The same as version 1 of the journal made it.</param>
    /// <param name="Path">The full path of its file; null for an address.</param>
    private sealed record SentImage(string Url, string Key, string KeyOfVersion1, string? Path)
    {
        public static SentImage OfAddress(string url) => new(url, url is null ? "" : ImageKey.Of(url), url!, null);

        public static SentImage OfFile(string path, InputImage image) => new(image.DataUri, image.Key, image.KeyOfVersion1, path);
    }
}
