namespace NanoBanana;

/// <summary>What is asked for: the parameters of the model, and the user's names for the request. A request and its task share them.</summary>
public abstract record ImageParameters
{
    private readonly IReadOnlyList<string>? _responseModality;
    private readonly IReadOnlyList<string>? _imageUrl;
    private readonly IReadOnlyList<string>? _imagePath;

    /// <summary>The prompt, 1 to 2500 Unicode code points; <see langword="null"/> for a task known by its id alone.</summary>
    public string? Prompt { get; init; }

    /// <summary>The model, such as <c>nano_banana_2</c>.</summary>
    public string? Model { get; init; }

    /// <summary>One of <see cref="ImageModel.AspectRatios"/>; <see langword="null"/> when the provider was left to choose.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>One of <see cref="ImageModel.Resolutions"/>; <see langword="null"/> when the provider was left to choose.</summary>
    public string? Resolution { get; init; }

    /// <summary>Some of <see cref="ImageModel.ResponseModalities"/>; <see langword="null"/> when not given.</summary>
    public IReadOnlyList<string>? ResponseModality
    {
        get => _responseModality;
        init => _responseModality = ReadableList<string>.Of(value);
    }

    /// <summary>The input images, at most 3: http or https addresses, or data URIs; <see langword="null"/> when there are none.</summary>
    public IReadOnlyList<string>? ImageUrl
    {
        get => _imageUrl;
        init => _imageUrl = ReadableList<string>.Of(value);
    }

    /// <summary>
    /// The full paths of the input images that were files of this machine, in their order: their content stands at the end of
    /// <see cref="ImageUrl"/>. Not sent.
    /// </summary>
    public IReadOnlyList<string>? ImagePath
    {
        get => _imagePath;
        init => _imagePath = ReadableList<string>.Of(value);
    }

    /// <summary>The user's name for the request. Not sent.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Which of several images of one input it is: what tells it from the others, such as <c>2</c>, <c>16x9</c> or <c>16x9-4K-2</c>.
    /// <see langword="null"/> for the only one, and for the first of several that differ in nothing. Not sent.
    /// </summary>
    public string? Variation { get; init; }

    /// <summary>The user's name for the run that the request belongs to. Not sent.</summary>
    public string? Batch { get; init; }

    /// <summary>The place of the request in its command's input, from 0. Not sent.</summary>
    public int? InputIndex { get; init; }

    /// <summary>The user's object that the request was made from, in the process that made it. Neither sent nor stored.</summary>
    internal object? Source { get; init; }

    /// <summary>Its place in the run that asked for it; null where no run of this process did.</summary>
    internal ImageRunItem? RunItem { get; init; }
}
