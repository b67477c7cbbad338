using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>Checks a request by the provider's rules before anything is sent. Source: the provider's page for the model.</summary>
public static class RequestRules
{
    /// <summary>Checks a request, and returns it with the provider's spelling of its values (<c>2k</c> becomes <c>2K</c>).</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not valid.</exception>
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
            throw Invalid(Messages.PromptEmpty(ImageModel.MaximumPromptLength));
        if (HalfPairAt(prompt!) is var half and >= 0)
            throw Invalid(Messages.PromptHasHalfPair(half));
        int length = prompt!.Count(c => !char.IsLowSurrogate(c));
        if (length > ImageModel.MaximumPromptLength)
            throw Invalid(Messages.PromptTooLong(length, ImageModel.MaximumPromptLength));
    }

    private static string CheckModel(string? model) =>
        !string.IsNullOrEmpty(model) && model!.All(c => c is > ' ' and < (char)127) && !model!.All(c => c == '.')
            ? model!
            : throw Invalid(Messages.ModelInvalid(TextSafety.Excerpt(model), ImageModel.DefaultId));

    private static string? CheckBatch(string? batch) =>
        batch is null || batch.Trim().Length > 0
            ? batch?.Trim()
            : throw Invalid(Messages.BatchNameBlank);

    private static string[]? CheckImageUrls(IReadOnlyList<string>? urls)
    {
        if (urls is null || urls.Count == 0)
            return null;
        if (urls.Count > ImageModel.MaximumImageUrls)
            throw Invalid(Messages.TooManyImages(urls.Count, ImageModel.MaximumImageUrls));
        return [.. urls.Select(CheckImageUrl)];
    }

    private static string CheckImageUrl(string? url)
    {
        string text = url?.Trim() ?? "";
        if (SentDataUri.IsNote(text))
            throw Invalid(Messages.ImageNotStored(text.Substring(text.IndexOf('('))));
        return HalfPairAt(text) < 0 && (IsDataUri(text) || IsHttpAddress(text))
            ? text
            : throw Invalid(Messages.ImageAddressInvalid(TextSafety.Excerpt(url)));
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
            ?? throw Invalid(Messages.ValueNotAllowed(TextSafety.Excerpt(value), what, allowed));
    }

    /// <summary>The index of half of a surrogate pair, which UTF-8 can't encode; -1 if there is no such half.</summary>
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
