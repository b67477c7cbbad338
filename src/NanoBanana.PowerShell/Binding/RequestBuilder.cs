using System.Globalization;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Commands;

namespace NanoBanana.Binding;

/// <summary>Builds checked requests from the bound parameters of New-NanoBananaImage.</summary>
internal sealed partial class RequestBuilder(NewNanoBananaImageCommand command)
{
    // Copied before the first pipeline object: contains only parameters of the command line.
    private readonly HashSet<string> _commandLine = new(command.MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);

    private readonly CompactSet _knownKeys = new();
    /// <summary>The keys of version 1 of the first requests, if they are other keys.</summary>
    private readonly Dictionary<ulong, ulong> _keysOfVersion1 = [];
    /// <summary>The numbers of requests that came more than once.</summary>
    private readonly Dictionary<ulong, int> _equalRequests = [];
    private readonly Dictionary<ulong, int> _equalRequestsOfVersion1 = [];
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
    public void CheckCommandLine() => Variations(Make(new PromptInput(null, "any"), 0), earlierVariation: null)
        .ForEach(request => _ = RequestRules.Check(request));

    /// <summary>The requests of an input: one for each combination of aspect ratio, resolution and number.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not valid.</exception>
    public IReadOnlyList<ImageRequest> Build(PromptInput input, int index)
    {
        ImageRequest request = Make(input, index);
        if (!IsGiven(nameof(command.Batch)) && input.IsCompletedTask)
            request = request with { Batch = null };
        // A failed variation that is submitted again keeps its variation.
        string? earlierVariation = input.Source is PSObject task && PromptInput.IsTask(task) && !input.IsCompletedTask
            ? task.Properties[nameof(ImageParameters.Variation)]?.Value as string : null;
        List<ImageRequest> requests = Variations(request, earlierVariation).ConvertAll(RequestRules.Check);
        CheckText(requests[0]);
        requests.ForEach(CheckName);
        return request.Batch is null ? requests : requests.ConvertAll(WithOrdinal);
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
        string?[] values = IgnoreBlankCells(parameter, given) switch
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
    /// Numbers equal requests of one run, so that each is submitted. The next run finds a request by the same number.
    /// </summary>
    private ImageRequest WithOrdinal(ImageRequest request)
    {
        request = request with { ContentHash = RequestKey.ContentHash(request) };
        (ulong key, ulong version1) = RequestKey.OrdinalKeys(request);
        if (_knownKeys.Add(key))
        {
            if (version1 != key)
                _keysOfVersion1[key] = version1;
            return request;
        }
        if (!_equalRequests.ContainsKey(key))
        {
            _equalRequests[key] = 1;
            _equalRequestsOfVersion1[_keysOfVersion1.TryGetValue(key, out ulong first) ? first : key] = 1;
        }
        return request with
        {
            Ordinal = NextOrdinal(_equalRequests, key),
            OrdinalOfVersion1 = NextOrdinal(_equalRequestsOfVersion1, version1),
        };
    }

    private static int NextOrdinal(Dictionary<ulong, int> counts, ulong key)
    {
        counts.TryGetValue(key, out int ordinal);
        counts[key] = ordinal + 1;
        return ordinal;
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
            Model = IgnoreBlankCell(nameof(command.Model), command.Model) ?? ImageModel.DefaultId,
            ImageUrl = [.. images.Select(image => image.Url)],
            ImageKeys = hasFiles ? [.. images.Select(image => image.Key)] : null,
            ImageKeysOfVersion1 = hasFiles ? [.. images.Select(image => image.KeyOfVersion1)] : null,
            ImagePath = hasFiles ? [.. images.Select(image => image.Path).OfType<string>()] : null,
            ResponseModality = IgnoreBlankCells(nameof(command.ResponseModality), command.ResponseModality)?
                .SelectMany(item => string.IsNullOrWhiteSpace(item) ? [item] : CellText.Words(item)).ToArray(),
            Name = string.IsNullOrWhiteSpace(name) ? null : name!.Trim(),
            // A null, such as a variable without a value, would be no batch, and the next run would buy the same images again.
            Batch = IgnoreBlankCell(nameof(command.Batch), command.Batch) ?? (IsGiven(nameof(command.Batch)) ? "" : null),
            InputIndex = index,
            Source = OriginalText.Unwrap(input.Source) as string ?? input.Source,
            ResubmitUnknown = command.ResubmitUnknown,
        };
    }

    /// <summary>The value; null for a blank cell of a row. A blank value on the command line is kept and refused later.</summary>
    private string? IgnoreBlankCell(string parameter, string? value) =>
        string.IsNullOrWhiteSpace(value) && !IsGiven(parameter) ? null : value;

    private string[]? IgnoreBlankCells(string parameter, string[]? values) =>
        values is null || IsGiven(parameter) ? values : [.. values.Where(v => !string.IsNullOrWhiteSpace(v))];

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
