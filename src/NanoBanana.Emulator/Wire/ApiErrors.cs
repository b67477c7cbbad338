using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Wire;

/// <summary>Error answers as the provider's: <c>{"error":{"code":"…","message":"…"},"request_id":"…"}</c>.</summary>
internal static class ApiErrors
{
    /// <summary>The code of 401.</summary>
    public const string Unauthorized = "UNAUTHORIZED";

    /// <summary>The code of 429.</summary>
    public const string RateLimited = "RATE_LIMIT_EXCEEDED";

    public static HttpResponse Create(int status, string code, string message, string requestId) =>
        HttpResponse.Json(status, JsonBody.Write((code, message, requestId), static (json, error) =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", error.code);
            json.WriteString("message", error.message);
            json.WriteEndObject();
            json.WriteString("request_id", error.requestId);
            json.WriteEndObject();
        }));
}
