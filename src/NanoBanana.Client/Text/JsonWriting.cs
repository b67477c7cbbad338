using System.Text.Encodings.Web;
using System.Text.Json;

namespace NanoBanana.Client.Text;

/// <summary>How JSON is written.</summary>
internal static class JsonWriting
{
    /// <summary>Plain UTF-8: the body is JSON for a JSON reader, never text in a page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
