using System.Globalization;

namespace NanoBanana.Client.Wire;

/// <summary>What the user asks for: the parameters that are sent, and what only this machine needs to know of it.</summary>
public sealed record ImageRequest : ImageParameters
{
    /// <summary>Makes a request for the default model.</summary>
    public ImageRequest() => Model = ImageModel.DefaultId;

    /// <summary>What stands for each input image when requests are compared; null to take it from the images themselves.</summary>
    public IReadOnlyList<string>? ImageKeys { get; init; }

    /// <summary>The same as version 1 of the journal made it.</summary>
    public IReadOnlyList<string>? ImageKeysOfVersion1 { get; init; }

    /// <summary>Which one it is, from 0, among requests of one run that are equal and have the same <see cref="Number"/>.</summary>
    public int Ordinal { get; init; }

    /// <summary>The same as version 1 of the journal counted it.</summary>
    public int OrdinalOfVersion1 { get; init; }

    /// <summary>Whether to buy it again when an earlier submission of it in this batch has an unknown outcome.</summary>
    public bool ResubmitUnknown { get; init; }

    /// <summary>Its number among the images of one input that differ in nothing, from 1: the end of <see cref="ImageParameters.Variation"/>.</summary>
    internal int Number =>
        Variation?.Split('-') is [.., var last] && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 1;

    /// <summary>The hash of all that is sent; null when it is not computed yet.</summary>
    internal string? ContentHash { get; init; }

    /// <summary>A task that carries what was asked for.</summary>
    internal ImageTask ToTask(string id, ImageTaskStatus status, Uri endpoint) => new(this) { Id = id, Status = status, Endpoint = endpoint };
}
