namespace NanoBanana.Emulator;

/// <summary>The shape of the answer with the images of a completed task.</summary>
/// <remarks>This provider or similar gateways have sent each of them.</remarks>
public enum EmulatorResultShape
{
    /// <summary>The documented shape: <c>output[].content[]</c> (generation) or <c>outputs[]</c> (queue).</summary>
    Documented,

    /// <summary><c>output</c>, a list of groups with <c>content</c>.</summary>
    Output,

    /// <summary><c>outputs</c>, a list of items.</summary>
    Outputs,

    /// <summary><c>outputs</c> is empty, and <c>output</c> contains the image.</summary>
    Both,

    /// <summary><c>output</c> is an object with <c>content</c>.</summary>
    OutputObject,

    /// <summary><c>output</c> is a list of addresses.</summary>
    Addresses,

    /// <summary><c>output</c> is one address.</summary>
    Address,

    /// <summary>The items have no <c>type</c>.</summary>
    TypeMissing,

    /// <summary>The type is <c>Image</c>.</summary>
    TypeCapitalized,

    /// <summary>The type is a media type: <c>image/png</c>.</summary>
    TypeMedia,

    /// <summary><c>images</c>, a list of objects with <c>url</c>.</summary>
    Images,

    /// <summary><c>data</c>, a list of objects with <c>url</c>.</summary>
    Data,

    /// <summary><c>url</c> beside the id.</summary>
    Url,

    /// <summary><c>image_url</c>, an object with <c>url</c>.</summary>
    ImageUrl,

    /// <summary><c>result</c>, an object with <c>images</c>.</summary>
    Result,

    /// <summary>Everything inside <c>{"code":0,"message":"ok","data":{...}}</c>.</summary>
    Enveloped,

    /// <summary>Everything inside <c>{"response":{...}}</c>.</summary>
    ResponseEnvelope,

    /// <summary>The image itself in base64, as <c>b64_json</c>.</summary>
    Base64,

    /// <summary>The image itself as a <c>data:</c> URI.</summary>
    DataUri,

    /// <summary>An address without a scheme: <c>//host/path</c>.</summary>
    SchemeMissing,

    /// <summary>An address relative to the endpoint: <c>/files/...</c>.</summary>
    Relative,

    /// <summary>The status is <c>done</c>.</summary>
    StatusDone,

    /// <summary>The status is <c>SUCCESS</c>.</summary>
    StatusSuccess,

    /// <summary>The answer with the image has no status.</summary>
    StatusMissing,

    /// <summary>The status of the answer with the image is a number.</summary>
    StatusNumber,

    /// <summary>A WebP file, although its address ends in <c>.png</c>. <c>[bytes:...]</c> has no effect on it.</summary>
    WebP,

    /// <summary>HTTP 200 with an error and no image.</summary>
    Error200,

    /// <summary>A failed task, with its reason in <c>fail_reason</c> and its code in <c>code</c>.</summary>
    FailReason,

    /// <summary>A failed task as the body of HTTP 422.</summary>
    FailedHttp,
}
