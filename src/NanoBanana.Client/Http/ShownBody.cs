using System.Text;
using System.Text.Json;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// An answer as the rest of the client receives it: UTF-8, each text and each name in it passed through
/// <see cref="ServerText"/>. Readers, traces and errors never see the bytes that came.
/// </summary>
internal static class ShownBody
{
    /// <summary>Longer texts are not looked at on the stack.</summary>
    private const int MostOnStack = 1024;

    public static byte[] Of(byte[] body, string? charset, ServerText text)
    {
        // An image in place of an answer is saved, never shown.
        if (ImageText.IsImage(body))
            return body;
        byte[] utf8 = ReadableJson.Of(Charset.ToUtf8(body, charset));
        if (utf8 is [0xEF, 0xBB, 0xBF, ..])
            utf8 = utf8.AsSpan(3).ToArray();
        try
        {
            return IsShown(utf8, text) ? utf8 : Rewrite(utf8, text);
        }
        catch (JsonException)
        {
            string plain = Encoding.UTF8.GetString(utf8);
            string shown = text.Show(plain);
            return shown == plain ? utf8 : Encoding.UTF8.GetBytes(shown);
        }
    }

    /// <summary>Reads to the end, also past what must be masked: a body that is no JSON throws, and is treated as a text.</summary>
    private static bool IsShown(byte[] utf8, ServerText text)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Allow });
        bool isShown = true;
        // Once for all texts: memory of the stack is cleared each time that it is taken.
        Span<char> chars = stackalloc char[MostOnStack];
        while (reader.Read())
        {
            isShown = isShown && reader.TokenType switch
            {
                JsonTokenType.Comment => false,
                JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number when IsPlain(ref reader, chars, text) => true,
                JsonTokenType.PropertyName => reader.GetString() is { } name && text.ShowName(name) == name,
                JsonTokenType.String => reader.GetString() is { } value && text.ShowValue(value) == value,
                JsonTokenType.Number => IsShown(Encoding.ASCII.GetString(reader.ValueSpan.ToArray()), text),
                _ => true,
            };
        }
        return isShown;
    }

    private static bool IsPlain(ref Utf8JsonReader reader, scoped Span<char> chars, ServerText text)
    {
        if (reader.ValueSpan.Length > chars.Length)
            return false;
        int length = reader.ValueSpan.Length;
        if (reader.TokenType != JsonTokenType.Number)
            length = reader.CopyString(chars);
        else
            for (int i = 0; i < length; i++)
                chars[i] = (char)reader.ValueSpan[i];
        return text.IsPlain(chars.Slice(0, length));
    }

    private static bool IsShown(string value, ServerText text) => text.ShowValue(value) == value;

    private static byte[] Rewrite(byte[] utf8, ServerText text)
    {
        using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        using var buffer = new MemoryStream(utf8.Length);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
            Write(json, document.RootElement, text);
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, JsonElement element, ServerText text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    json.WritePropertyName(text.ShowName(property.Name));
                    Write(json, property.Value, text);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                    Write(json, item, text);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(text.ShowValue(element.GetString()!));
                break;
            case JsonValueKind.Number when !IsShown(element.GetRawText(), text):
                json.WriteStringValue(text.ShowValue(element.GetRawText()));
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
