namespace NanoBanana;

/// <summary>How images of this machine reach the service. No documentation says which ways an endpoint takes.</summary>
public enum ImageTransfer
{
    /// <summary>As a data URI; where the service refuses that, as base64; where it refuses that too, by upload. What worked is kept.</summary>
    Automatic,

    /// <summary>Inside the request, as a data URI.</summary>
    DataUri,

    /// <summary>Inside the request, as base64 and nothing else.</summary>
    Base64,

    /// <summary>Uploaded to the endpoint first; the request holds the address.</summary>
    Upload,
}
