namespace NanoBanana;

/// <summary>
/// How input images of this machine are sent to the service. The provider does not document which ways an endpoint accepts.
/// </summary>
public enum ImageTransfer
{
    /// <summary>
    /// As a data URI. If the service rejects it, as base64. If it rejects that too, by upload. The way that works is used for later
    /// requests.
    /// </summary>
    Automatic,

    /// <summary>In the request, as a data URI.</summary>
    DataUri,

    /// <summary>In the request, as base64 without a prefix.</summary>
    Base64,

    /// <summary>The image is uploaded to the endpoint first, and the request contains its address.</summary>
    Upload,
}
