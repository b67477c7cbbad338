using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The body of a submission. The parameters of the model are the same in both dialects. Parameters without a value are not sent.
/// </summary>
internal sealed class RequestJson : IDisposable
{
    /// <summary>Texts of this length or more are encoded while they are sent, in characters.</summary>
    private const int MinimumLongText = 4096;

    /// <summary>The maximum size of a buffer that is reused, in bytes.</summary>
    private const int MaximumKeptBytes = 64 * 1024;

    [ThreadStatic]
    private static RequestJson? _spare;

    private readonly MemoryStream _buffer = new(512);
    private List<(int Index, string Text)>? _longTexts;

    private RequestJson() => Json = new Utf8JsonWriter(_buffer, JsonWriting.Options);

    /// <summary>A writer for this thread, until it is disposed.</summary>
    public static RequestJson Begin()
    {
        RequestJson json = _spare ?? new RequestJson();
        _spare = null;
        return json;
    }

    /// <summary>Writes the JSON around the parameters.</summary>
    public Utf8JsonWriter Json { get; }

    public void WriteParameters(ImageRequest request)
    {
        Json.WriteString("prompt", request.Prompt);
        WriteList("image_urls", request.ImageUrl);
        if (request.AspectRatio is not null)
            Json.WriteString("aspect_ratio", request.AspectRatio);
        if (request.Resolution is not null)
            Json.WriteString("resolution", request.Resolution);
        WriteList("response_modalities", request.ResponseModality);
    }

    public WireCall ToPost(string path)
    {
        Json.Flush();
        return new WireCall(HttpMethod.Post, path, _buffer.ToArray()) { LongTexts = _longTexts ?? (IReadOnlyList<(int, string)>)[] };
    }

    public void Dispose()
    {
        Json.Reset();
        _buffer.SetLength(0);
        _longTexts = null;
        _spare = _buffer.Capacity <= MaximumKeptBytes ? this : null;
    }

    private void WriteList(string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        Json.WriteStartArray(name);
        foreach (string value in values)
        {
            bool isLong = value.Length >= MinimumLongText && value.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'));
            Json.WriteStringValue(isLong ? "" : value);
            // The index between the quotation marks.
            if (isLong)
                (_longTexts ??= []).Add(((int)(Json.BytesCommitted + Json.BytesPending) - 1, value));
        }
        Json.WriteEndArray();
    }
}
