namespace NanoBanana.Emulator.Provider;

/// <summary>The checked parameters of a request, with defaults.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="ImageUrls">The input images: addresses, data URIs or Base64.</param>
/// <param name="AspectRatio">One of <see cref="Images.ImageSizes.Ratios"/>.</param>
/// <param name="Resolution">One of <see cref="Images.ImageSizes.Resolutions"/>.</param>
/// <param name="WantsText">Whether text is requested.</param>
/// <param name="WantsImage">Whether an image is requested.</param>
/// <param name="Json">The parameter object as received, as JSON text.</param>
internal sealed record GenerationParameters(
    string Prompt, IReadOnlyList<string> ImageUrls, string AspectRatio, string Resolution, bool WantsText, bool WantsImage, string Json)
{
    /// <summary>A hash of everything that determines the image. Equal requests get equal images.</summary>
    public ulong Fingerprint()
    {
        string[] texts = [Prompt, AspectRatio, Resolution, WantsText ? "Text" : "", WantsImage ? "Image" : "", .. ImageUrls];
        // One more step for each text, so that the boundaries of the texts are part of the hash.
        return SeededRandom.Mix(texts.Aggregate(SeededRandom.Hash(""), static (hash, text) =>
            SeededRandom.Hash('\u001F', SeededRandom.Hash(text, hash))));
    }
}
