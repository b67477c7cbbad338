using System.Text.Encodings.Web;
using System.Text.Json;

namespace NanoBanana.Client.Text;

/// <summary>The options for writing JSON.</summary>
internal static class JsonWriting
{
    /// <summary>Does not escape characters for HTML, because the JSON is never part of a web page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
