namespace NanoBanana.Client.Http;

/// <summary>One request of a dialect: what is asked, without where or by whom.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the endpoint, beginning with a slash, escaped.</param>
/// <param name="Body">The body, JSON as UTF-8 unless <see cref="ContentType"/> says otherwise; null when there is none.</param>
internal sealed record WireCall(HttpMethod Method, string Path, byte[]? Body = null)
{
    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = JsonType;

    /// <summary>Whether the body is text.</summary>
    public bool IsJson => ContentType == JsonType;

    private const string JsonType = "application/json";
}
