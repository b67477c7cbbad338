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
    private readonly Dictionary<(string? Batch, string Name), (string Name, string Prompt)> _names = [];
    private bool _warnedOfName;
    private bool _warnedOfEncoding;
    private bool _warnedOfNumber;

    /// <summary>Checks the values of the command line once, before any prompt.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>.</exception>
    public void CheckGiven()
    {
        if (_commandLine.Contains(nameof(command.Prompt)) && command.MyInvocation.ExpectingInput)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, "Prompts come from the pipeline or from -Prompt, not from both. Leave one of them out; nothing was sent.");
        Make("any", 0, command.Name);
    }

    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>.</exception>
    public ImageRequest Build(PromptInput input, int index)
    {
        // A file piped in has a Name of its own, with an extension that is not the picture's.
        string? name = input.File is not null && !_commandLine.Contains(nameof(command.Name))
            ? System.IO.Path.GetFileNameWithoutExtension(input.File)
            : command.Name;
        string prompt = input.File is null ? input.Text ?? "" : PromptReader.ReadFile(input.File);
        ImageRequest request = Make(prompt, index, name) with { Source = WrittenText.Unwrap(input.Source) as string ?? input.Source };
        CheckText(request);
        if (!_commandLine.Contains(nameof(command.Batch)) && input.IsCompletedTask)
            request = request with { Batch = null };
        CheckName(request);
        if (request.Batch is null)
            return request;
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
        (string?, string) key = (request.Batch, FileNames.KeyOfName(request.Name));
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

    private ImageRequest Make(string prompt, int index, string? name)
    {
        string[] urls = [.. (GivenItems(nameof(command.ImageUrl), command.ImageUrl) ?? []).SelectMany(url => url is null ? [url!]
            : CellText.Addresses(url))];
        string[] paths = ImagePaths();
        // Counted before the files are read: three images can be large.
        InputImage[] files = urls.Length + paths.Length > ImageModel.MaximumImageUrls ? [] : [.. paths.Select(Read)];
        return RequestRules.Check(new ImageRequest
        {
            Prompt = prompt,
            Model = Given(nameof(command.Model), command.Model) ?? ImageModel.DefaultId,
            ImageUrl = [.. urls, .. files.Length == paths.Length ? files.Select(file => file.DataUri) : paths],
            ImageKeys = files.Length > 0 ? [.. urls.Select(ImageKey.Of), .. files.Select(file => file.Key)] : null,
            ImageKeysOfVersion1 = files.Length > 0 ? [.. urls, .. files.Select(file => file.KeyOfVersion1)] : null,
            ImagePaths = paths,
            AspectRatio = CellText.AspectRatio(Given(nameof(command.AspectRatio), command.AspectRatio)),
            Resolution = CellText.Resolution(Given(nameof(command.Resolution), command.Resolution)),
            ResponseModality = GivenItems(nameof(command.ResponseModality), command.ResponseModality)?
                .SelectMany(word => string.IsNullOrWhiteSpace(word) ? [word] : CellText.Words(word)).ToArray(),
            Name = string.IsNullOrWhiteSpace(name) ? null : name!.Trim(),
            // A null, such as a variable without a value, would buy the same again at the next run.
            Batch = Given(nameof(command.Batch), command.Batch) ?? (_commandLine.Contains(nameof(command.Batch)) ? "" : null),
            InputIndex = index,
            ResubmitUnknown = command.ResubmitUnknown,
        });
    }

    /// <summary>Reads an image file, once for all prompts: what the tasks in hand were made from is still in memory.</summary>
    private InputImage Read(string path)
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
            .SelectMany(cell => cell is null ? [cell!] : CellText.Paths(cell, path => PathReader.TryLiteral(command, path) is { } full
                && File.Exists(full)))
            .Select(path => PathReader.Literal(command, path))];

    /// <summary>An empty cell of a row is a value not given; an empty value on the command line is a mistake, and stays.</summary>
    private string? Given(string parameter, string? value) =>
        string.IsNullOrWhiteSpace(value) && !_commandLine.Contains(parameter) ? null : value;

    private string[]? GivenItems(string parameter, string[]? values) =>
        values is null || _commandLine.Contains(parameter) ? values : [.. values.Where(v => !string.IsNullOrWhiteSpace(v))];
}
