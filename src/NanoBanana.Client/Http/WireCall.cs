namespace NanoBanana.Client.Http;

/// <summary>One request of a dialect, without the host and the key.</summary>
/// <remarks>
/// An image has megabytes of text, and many requests can contain the same one. It is kept as one string, separate from the body, and is
/// encoded while the request is sent.
/// </remarks>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The escaped path below the endpoint, starting with a slash.</param>
/// <param name="Body">
/// The body without its <see cref="LongTexts"/>, JSON as UTF-8 unless <see cref="ContentType"/> differs; null without a body.
/// </param>
internal sealed record WireCall(HttpMethod Method, string Path, byte[]? Body = null)
{
    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = JsonType;

    /// <summary>The request or the task, for the trace.</summary>
    public ImageParameters? About { get; init; }

    /// <summary>Whether the body is JSON.</summary>
    public bool IsJson => ContentType == JsonType;

    /// <summary>Long texts of ASCII characters in the body. Each is sent before the byte at its index, in this order.</summary>
    public IReadOnlyList<(int Index, string Text)> LongTexts { get; init; } = [];

    /// <summary>
    /// Called before the body is sent: whether it may still be sent, because making the connection takes time. Null for always.
    /// </summary>
    public Func<bool>? MaySendBody { get; init; }

    /// <summary>The length of the complete body, in bytes.</summary>
    public long Length => (Body?.Length ?? 0) + LongTexts.Sum(text => (long)text.Text.Length);

    private const string JsonType = "application/json";
}
