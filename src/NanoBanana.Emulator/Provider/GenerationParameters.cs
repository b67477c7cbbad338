namespace NanoBanana.Emulator.Provider;

/// <summary>Parameters of a request that passed the check, defaults filled in.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="ImageUrls">The input images: addresses, data URIs or Base64.</param>
/// <param name="AspectRatio">One of <see cref="Images.ImageSizes.Ratios"/>.</param>
/// <param name="Resolution">One of <see cref="Images.ImageSizes.Resolutions"/>.</param>
/// <param name="WantsText">Whether text is asked for.</param>
/// <param name="WantsImage">Whether an image is asked for.</param>
/// <param name="Json">The parameter object as it came, JSON text.</param>
internal sealed record GenerationParameters(
    string Prompt, IReadOnlyList<string> ImageUrls, string AspectRatio, string Resolution, bool WantsText, bool WantsImage, string Json)
{
    /// <summary>A hash of all that shapes the image: equal requests get equal images.</summary>
    public ulong Fingerprint()
    {
        string[] texts = [Prompt, AspectRatio, Resolution, WantsText ? "Text" : "", WantsImage ? "Image" : "", .. ImageUrls];
        // One step more for each text, so that the ends of texts count.
        return SeededRandom.Mix(texts.Aggregate(SeededRandom.Hash(""), static (hash, text) =>
            SeededRandom.Hash('\u001F', SeededRandom.Hash(text, hash))));
    }
}
