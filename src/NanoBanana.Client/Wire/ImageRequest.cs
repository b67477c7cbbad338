using System.Globalization;

namespace NanoBanana.Client.Wire;

/// <summary>The user's request: the parameters that are sent, and data that only this machine needs.</summary>
public sealed record ImageRequest : ImageParameters
{
    /// <summary>Creates a request for the default model.</summary>
    public ImageRequest() => Model = ImageModel.DefaultId;

    /// <summary>The keys of the input images when requests are compared; null to compute them from the images.</summary>
    public IReadOnlyList<string>? ImageKeys { get; init; }

    /// <summary>The keys in the form of version 1 of the journal.</summary>
    public IReadOnlyList<string>? ImageKeysOfVersion1 { get; init; }

    /// <summary>The index, from 0, among requests of one run that are equal and have the same <see cref="Number"/>.</summary>
    public int Ordinal { get; init; }

    /// <summary>The index in the form of version 1 of the journal.</summary>
    public int OrdinalOfVersion1 { get; init; }

    /// <summary>Whether to submit the request again if an earlier submission of it in this batch has an unknown outcome.</summary>
    public bool ResubmitUnknown { get; init; }

    /// <summary>The number among the equal images of one input, from 1: the end of <see cref="ImageParameters.Variation"/>.</summary>
    internal int Number =>
        Variation?.Split('-') is [.., var last] && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 1;

    /// <summary>The hash of the parameters that are sent; null if it is not computed yet.</summary>
    internal string? ContentHash { get; init; }

    /// <summary>Creates a task with the parameters of this request.</summary>
    internal ImageTask ToTask(string id, ImageTaskStatus status, Uri endpoint) =>
        new(this) { Id = id, Status = status, Endpoint = endpoint };
}
