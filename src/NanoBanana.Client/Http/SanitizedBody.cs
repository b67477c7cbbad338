using System.Text;
using System.Text.Json;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// Converts an answer to the form that the rest of the client receives: UTF-8, with each text and each name passed through
/// <see cref="ServerText"/>. Readers, traces and errors never receive the original bytes.
/// </summary>
internal static class SanitizedBody
{
    /// <summary>The maximum length of a text that is checked on the stack.</summary>
    private const int MostOnStack = 1024;

    public static byte[] Of(byte[] body, string? charset, ServerText text)
    {
        // An image instead of an answer is saved as it is.
        if (ImageText.IsImage(body))
            return body;
        byte[] utf8 = ReadableJson.Of(Charset.ToUtf8(body, charset));
        if (utf8 is [0xEF, 0xBB, 0xBF, ..])
            utf8 = utf8.AsSpan(3).ToArray();
        try
        {
            return IsUnchanged(utf8, text) ? utf8 : Rewrite(utf8, text);
        }
        catch (JsonException)
        {
            string plain = Encoding.UTF8.GetString(utf8);
            string sanitized = text.Sanitize(plain);
            return sanitized == plain ? utf8 : Encoding.UTF8.GetBytes(sanitized);
        }
    }

    /// <summary>Reads to the end, even after a text that must be masked. A body that is not JSON throws, and is handled as text.</summary>
    private static bool IsUnchanged(byte[] utf8, ServerText text)
    {
        var reader = new Utf8JsonReader(utf8,
            new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Allow });
        bool isUnchanged = true;
        // Allocated once for all texts, because each allocation on the stack clears the memory.
        Span<char> chars = stackalloc char[MostOnStack];
        while (reader.Read())
        {
            isUnchanged = isUnchanged && reader.TokenType switch
            {
                JsonTokenType.Comment => false,
                JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number when IsPlain(ref reader, chars, text) => true,
                JsonTokenType.PropertyName => reader.GetString() is { } name && text.SanitizeName(name) == name,
                JsonTokenType.String => reader.GetString() is { } value && text.SanitizeValue(value) == value,
                JsonTokenType.Number => IsUnchanged(Encoding.ASCII.GetString(reader.ValueSpan.ToArray()), text),
                _ => true,
            };
        }
        return isUnchanged;
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

    private static bool IsUnchanged(string value, ServerText text) => text.SanitizeValue(value) == value;

    private static byte[] Rewrite(byte[] utf8, ServerText text)
    {
        using var document = JsonDocument.Parse(utf8,
            new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
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
                    json.WritePropertyName(text.SanitizeName(property.Name));
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
                json.WriteStringValue(text.SanitizeValue(element.GetString()!));
                break;
            case JsonValueKind.Number when !IsUnchanged(element.GetRawText(), text):
                json.WriteStringValue(text.SanitizeValue(element.GetRawText()));
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
