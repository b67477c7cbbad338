namespace NanoBanana.Client.Wire;

/// <summary>
/// The provider's rules for a request, checked before anything is sent. Source: the provider's page for the model.
/// </summary>
public static class RequestRules
{
    /// <summary>Checks a request and writes its values the way the provider spells them (<c>2k</c> becomes <c>2K</c>).</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a rule is broken.</exception>
    public static ImageRequest Check(ImageRequest request)
    {
        CheckPrompt(request.Prompt);
        return request with
        {
            Model = CheckModel(request.Model),
            ImageUrl = CheckImageUrls(request.ImageUrl),
            AspectRatio = OneOf(request.AspectRatio, ImageModel.AspectRatios, "aspect ratio"),
            Resolution = OneOf(request.Resolution, ImageModel.Resolutions, "resolution"),
            ResponseModality = CheckModalities(request.ResponseModality),
            Batch = CheckBatch(request.Batch),
        };
    }

    private static void CheckPrompt(string? prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt))
            throw Invalid($"The prompt is empty. A prompt has 1 to {ImageModel.MaximumPromptLength} characters; say what the image should show.");

        if (HalfPairAt(prompt!) is var half and >= 0)
            throw Invalid($"The prompt has half of a surrogate pair at position {half}, which is not a character. Was its file read with the right encoding?");
        int length = prompt!.Count(c => !char.IsLowSurrogate(c));
        if (length > ImageModel.MaximumPromptLength)
            throw Invalid($"The prompt has {length} characters. The model takes 1 to {ImageModel.MaximumPromptLength} (Unicode code points); shorten it by {length - ImageModel.MaximumPromptLength}.");
    }

    private static string CheckModel(string? model) =>
        !string.IsNullOrEmpty(model) && model!.All(c => c is > ' ' and < (char)127) && !model!.All(c => c == '.')
            ? model!
            : throw Invalid($"'{TextSafety.Excerpt(model)}' is not a model id. An id is one word such as '{ImageModel.DefaultId}'.");

    private static string? CheckBatch(string? batch) =>
        batch is null || batch.Trim().Length > 0
            ? batch?.Trim()
            : throw Invalid("The name of the batch is blank. Give a name that stays the same when the script runs again, such as 'catalog-2026', or leave -Batch out.");

    private static string[]? CheckImageUrls(IReadOnlyList<string>? urls)
    {
        if (urls is null || urls.Count == 0)
            return null;
        if (urls.Count > ImageModel.MaximumImageUrls)
            throw Invalid($"{urls.Count} images were given. The model takes at most {ImageModel.MaximumImageUrls} images with a prompt; leave out {urls.Count - ImageModel.MaximumImageUrls}.");
        return [.. urls.Select(CheckImageUrl)];
    }

    private static string CheckImageUrl(string? url)
    {
        string text = url?.Trim() ?? "";
        if (SentDataUri.IsNote(text))
            throw Invalid($"The image that was sent along is not kept with its request, only a note of it: {text.Substring(text.IndexOf('('))}. Leave the property ImageUrl out and give the file again with -ImagePath.");
        return HalfPairAt(text) < 0 && (IsDataUri(text) || IsHttpAddress(text))
            ? text
            : throw Invalid($"'{TextSafety.Excerpt(url)}' is not an image address. An address is absolute and begins with https:// or http://. For a file on this machine use -ImagePath.");
    }

    private static bool IsDataUri(string text) =>
        text.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) && text.Contains(";base64,");

    private static bool IsHttpAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https" && parsed.Host.Length > 0;

    private static string[]? CheckModalities(IReadOnlyList<string>? modalities) =>
        modalities is null || modalities.Count == 0
            ? null
            : [.. modalities.Select(m => OneOf(m ?? "", ImageModel.ResponseModalities, "response modality")!).Distinct()];

    private static string? OneOf(string? value, IReadOnlyList<string> allowed, string what)
    {
        if (value is null)
            return null;
        string wanted = value.Trim();
        return allowed.FirstOrDefault(a => a.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw Invalid($"'{TextSafety.Excerpt(value)}' is not a known {what}. Allowed: {string.Join(", ", allowed)}.");
    }

    /// <summary>Where half of a surrogate pair stands, which UTF-8 can't carry; -1 when there is none.</summary>
    private static int HalfPairAt(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i))
                return i;
            i++;
        }
        return -1;
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
