using System.Text;

namespace NanoBanana;

/// <summary>
/// The limits and options of the model Nano Banana 2. Source: the provider's page for <c>nano_banana_2</c>, and the public facts of the
/// model (pixel sizes, output tokens).
/// </summary>
public static class ImageModel
{
    /// <summary>The id of the model in requests.</summary>
    public const string DefaultId = "nano_banana_2";

    /// <summary>The maximum length of a prompt, in Unicode code points.</summary>
    public const int MaximumPromptLength = 2500;

    /// <summary>The maximum number of input images of a request.</summary>
    public const int MaximumImageUrls = 3;

    /// <summary>The resolution that the provider uses if the request has no resolution.</summary>
    public const string DefaultResolution = "1K";

    /// <summary>The tokens of one input image. Source: Google's page for the model.</summary>
    private const int InputImageTokens = 1120;

    private static readonly string[] ResolutionNames = ["0.5K", "1K", "2K", "4K"];
    private static readonly int[] TokensByResolution = [747, 1120, 1680, 2520];

    // The size of each ratio at 0.5K and at 1K. Some sizes at 0.5K are not half of the size at 1K.
    private static readonly (string Ratio, PixelSize Half, PixelSize One)[] Ratios =
    [
        ("1:8", new(192, 1536), new(384, 3072)),
        ("1:4", new(256, 1024), new(512, 2048)),
        ("1:1", new(512, 512), new(1024, 1024)),
        ("2:3", new(424, 632), new(848, 1264)),
        ("3:2", new(632, 424), new(1264, 848)),
        ("3:4", new(448, 600), new(896, 1200)),
        ("4:3", new(600, 448), new(1200, 896)),
        ("4:5", new(464, 576), new(928, 1152)),
        ("5:4", new(576, 464), new(1152, 928)),
        ("8:1", new(1536, 192), new(3072, 384)),
        ("4:1", new(1024, 256), new(2048, 512)),
        ("9:16", new(384, 688), new(768, 1376)),
        ("16:9", new(688, 384), new(1376, 768)),
        ("21:9", new(792, 168), new(1584, 672)),
    ];

    /// <summary>The aspect ratios, in the order of the provider's page.</summary>
    public static IReadOnlyList<string> AspectRatios { get; } = [.. Ratios.Select(r => r.Ratio)];

    /// <summary>The resolutions, from small to large.</summary>
    public static IReadOnlyList<string> Resolutions => ResolutionNames;

    /// <summary>The kinds of content that a response can have.</summary>
    public static IReadOnlyList<string> ResponseModalities { get; } = ["Text", "Image"];

    /// <summary>Gets the size of an image for an aspect ratio and a resolution.</summary>
    /// <param name="aspectRatio">One of <see cref="AspectRatios"/>.</param>
    /// <param name="resolution">One of <see cref="Resolutions"/>.</param>
    /// <param name="size">The width and height in pixels.</param>
    /// <returns>False if the aspect ratio or the resolution is not in its list.</returns>
    public static bool TryGetPixelSize(string aspectRatio, string resolution, out PixelSize size)
    {
        size = default;
        int row = Array.FindIndex(Ratios, r => r.Ratio == aspectRatio);
        if (row < 0)
            return false;
        (_, PixelSize half, PixelSize one) = Ratios[row];
        switch (resolution)
        {
            case "0.5K": size = half; return true;
            case "1K": size = one; return true;
            case "2K": size = new(one.Width * 2, one.Height * 2); return true;
            case "4K": size = new(one.Width * 4, one.Height * 4); return true;
            default: return false;
        }
    }

    /// <summary>Gets the output tokens of one image at a resolution.</summary>
    /// <param name="resolution">One of <see cref="Resolutions"/>; <see langword="null"/> for <see cref="DefaultResolution"/>.</param>
    /// <exception cref="ArgumentException">The resolution is not in the list.</exception>
    public static int GetOutputTokens(string? resolution)
    {
        int index = Array.IndexOf(ResolutionNames, resolution ?? DefaultResolution);
        return index >= 0
            ? TokensByResolution[index]
            : throw new ArgumentException($"'{resolution}' is not one of {string.Join(", ", ResolutionNames)}.", nameof(resolution));
    }

    /// <summary>
    /// The maximum number of tokens that a request is expected to use, for a budget: the image, a smaller draft that the model may make
    /// first, one token for each byte of the prompt, and the input images. Text that the model writes beside the image has no known limit.
    /// </summary>
    /// <param name="request">A valid request.</param>
    internal static long GetMaximumTokens(ImageParameters request)
    {
        int image = GetOutputTokens(request.Resolution), draft = GetOutputTokens(DefaultResolution);
        int prompt = Encoding.UTF8.GetByteCount(request.Prompt ?? "");
        return image + (image > draft ? draft : 0) + prompt + ((request.ImageUrl?.Count ?? 0) * InputImageTokens);
    }
}
