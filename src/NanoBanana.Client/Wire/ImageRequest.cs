namespace NanoBanana.Client.Wire;

/// <summary>A picture to be made: what the provider is sent, and what the user calls it.</summary>
public sealed record ImageRequest
{
    /// <summary>What to make, 1 to 2500 Unicode code points.</summary>
    public required string Prompt { get; init; }

    /// <summary>The model's id.</summary>
    public string Model { get; init; } = ImageModel.DefaultId;

    /// <summary>At most 3 absolute http or https addresses, or data URIs of pictures; not sent when null.</summary>
    public IReadOnlyList<string>? ImageUrls { get; init; }

    /// <summary>The full paths of the files whose content is among <see cref="ImageUrls"/>. Not sent; shown before a purchase.</summary>
    public IReadOnlyList<string> ImagePaths { get; init; } = [];

    /// <summary>What stands for each of <see cref="ImageUrls"/> when requests are compared; null for the images themselves. Not sent.</summary>
    public IReadOnlyList<string>? ImageKeys { get; init; }

    /// <summary>One of <see cref="ImageModel.AspectRatios"/>; not sent when null.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>One of <see cref="ImageModel.Resolutions"/>; not sent when null.</summary>
    public string? Resolution { get; init; }

    /// <summary>Some of <see cref="ImageModel.ResponseModalities"/>; not sent when null.</summary>
    public IReadOnlyList<string>? ResponseModalities { get; init; }

    /// <summary>The user's name for it. Not sent.</summary>
    public string? Name { get; init; }

    /// <summary>The user's name for the run it belongs to. Not sent.</summary>
    public string? Batch { get; init; }

    /// <summary>Its place in the input, from 0. Not sent.</summary>
    public int InputIndex { get; init; }

    /// <summary>Which one it is, from 0, among requests of one run that are equal. Not sent.</summary>
    public int Ordinal { get; init; }

    /// <summary>Whether to buy it again when an earlier submit of it in this batch has an unknown fate. Not sent.</summary>
    public bool ResubmitUnknown { get; init; }

    /// <summary>The hash of all that is sent; null when it is not computed yet. Not sent.</summary>
    internal string? ContentHash { get; init; }

    /// <summary>A task that carries what was asked for.</summary>
    internal ImageTask ToTask(string id, ImageTaskStatus status, Uri endpoint) => new()
    {
        Id = id,
        Status = status,
        Prompt = Prompt,
        Model = Model,
        AspectRatio = AspectRatio,
        Resolution = Resolution,
        ResponseModality = ResponseModalities,
        ImageUrl = ImageUrls,
        Name = Name,
        Batch = Batch,
        InputIndex = InputIndex,
        Endpoint = endpoint,
    };
}
