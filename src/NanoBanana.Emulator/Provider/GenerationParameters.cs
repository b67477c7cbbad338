namespace NanoBanana.Emulator.Provider;

/// <summary>Parameters of a request that passed the check, defaults filled in.</summary>
internal sealed class GenerationParameters
{
    public required string Prompt { get; init; }

    public required IReadOnlyList<string> ImageUrls { get; init; }

    public required string AspectRatio { get; init; }

    public required string Resolution { get; init; }

    public required bool WantsText { get; init; }

    public required bool WantsImage { get; init; }

    /// <summary>The parameter object as it came, JSON text.</summary>
    public required string Json { get; init; }

    /// <summary>A hash of all that shapes the picture: equal requests get equal pictures.</summary>
    public ulong Fingerprint()
    {
        ulong hash = 14695981039346656037;
        Add(ref hash, Prompt);
        Add(ref hash, AspectRatio);
        Add(ref hash, Resolution);
        Add(ref hash, WantsText ? "Text" : "");
        Add(ref hash, WantsImage ? "Image" : "");
        foreach (string url in ImageUrls)
            Add(ref hash, url);
        return SeededRandom.Mix(hash);
    }

    /// <summary>FNV-1a over UTF-16 units, and one step more so that the ends of texts count.</summary>
    private static void Add(ref ulong hash, string text)
    {
        foreach (char unit in text)
            hash = (hash ^ unit) * 1099511628211;
        hash = (hash ^ 0x1F) * 1099511628211;
    }
}
