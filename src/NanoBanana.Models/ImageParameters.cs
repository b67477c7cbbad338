namespace NanoBanana;

/// <summary>The parameters of the model, and the user's names for the request. A request and its task share them.</summary>
public abstract record ImageParameters
{
    private readonly IReadOnlyList<string>? _responseModality;
    private readonly IReadOnlyList<string>? _imageUrl;
    private readonly IReadOnlyList<string>? _imagePath;

    /// <summary>The prompt, 1 to 2500 Unicode code points; <see langword="null"/> for a task of which only the id is known.</summary>
    public string? Prompt { get; init; }

    /// <summary>The model, such as <c>nano_banana_2</c>.</summary>
    public string? Model { get; init; }

    /// <summary>One of <see cref="ImageModel.AspectRatios"/>; <see langword="null"/> if the provider chooses.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>One of <see cref="ImageModel.Resolutions"/>; <see langword="null"/> if the provider chooses.</summary>
    public string? Resolution { get; init; }

    /// <summary>One or more of <see cref="ImageModel.ResponseModalities"/>; <see langword="null"/> if not specified.</summary>
    public IReadOnlyList<string>? ResponseModality
    {
        get => _responseModality;
        init => _responseModality = ReadableList<string>.Of(value);
    }

    /// <summary>The input images, at most 3: http or https addresses, or data URIs; <see langword="null"/> without input images.</summary>
    public IReadOnlyList<string>? ImageUrl
    {
        get => _imageUrl;
        init => _imageUrl = ReadableList<string>.Of(value);
    }

    /// <summary>
    /// The full paths of the input images that are files of this machine. Their content is at the end of <see cref="ImageUrl"/>, in the
    /// same order. Not sent.
    /// </summary>
    public IReadOnlyList<string>? ImagePath
    {
        get => _imagePath;
        init => _imagePath = ReadableList<string>.Of(value);
    }

    /// <summary>The user's name for the request. Not sent.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The variation among several images of one input, such as <c>2</c>, <c>16x9</c> or <c>16x9-4K-2</c>. <see langword="null"/> for a
    /// single image, and for the first of several equal ones. Not sent.
    /// </summary>
    public string? Variation { get; init; }

    /// <summary>The name of the batch of the request. Not sent.</summary>
    public string? Batch { get; init; }

    /// <summary>The index of the request in the input of its command, from 0. Not sent.</summary>
    public int? InputIndex { get; init; }

    /// <summary>The user's object that the request comes from, in the same process only. Not sent or stored.</summary>
    internal object? Source { get; init; }

    /// <summary>The item of the run that this request belongs to; null if it is not part of a run of this process.</summary>
    internal ImageRunItem? RunItem { get; init; }
}
