namespace NanoBanana.Client.Http;

/// <summary>One request of a dialect: what is asked, without where or by whom.</summary>
/// <remarks>
/// An image is megabytes of text, and many requests carry the same one. So it stays the one string that it is, apart from the body, and
/// is encoded while a request is sent.
/// </remarks>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the endpoint, beginning with a slash, escaped.</param>
/// <param name="Body">
/// The body without its <see cref="LongTexts"/>, JSON as UTF-8 unless <see cref="ContentType"/> says otherwise; null when there is none.
/// </param>
internal sealed record WireCall(HttpMethod Method, string Path, byte[]? Body = null)
{
    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = JsonType;

    /// <summary>The request or the task that it is about, for the trace.</summary>
    public ImageParameters? About { get; init; }

    /// <summary>Whether the body is text.</summary>
    public bool IsJson => ContentType == JsonType;

    /// <summary>Long texts of ASCII characters that are sent within the body, each before the byte of its index, in that order.</summary>
    public IReadOnlyList<(int Index, string Text)> LongTexts { get; init; } = [];

    /// <summary>Asked when the body is about to leave, after a connection was made, which takes time: whether it still may. Null for always.</summary>
    public Func<bool>? MayLeave { get; init; }

    /// <summary>The number of bytes that are sent.</summary>
    public long Length => (Body?.Length ?? 0) + LongTexts.Sum(text => (long)text.Text.Length);

    private const string JsonType = "application/json";
}
