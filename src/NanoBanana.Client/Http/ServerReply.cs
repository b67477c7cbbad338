using System.Net.Http.Headers;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// Converts a response to a reply. Only this class reads texts of a response, and each text passes through <see cref="ServerText"/>.
/// </summary>
internal static class ServerReply
{
    private const int LongestHeader = 200;

    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "x-trace-id"];

    public static WireReply Of(HttpResponseMessage response, byte[] body, Uri? address, ServerText text, TimeProvider time)
    {
        MediaTypeHeaderValue? type = response.Content.Headers.ContentType;
        TimeSpan? wait = RetryAfterOf(response.Headers, time);
        return new((int)response.StatusCode, SanitizedBody.Of(body, type?.CharSet, text))
        {
            Address = address,
            MediaType = type?.MediaType is { } media ? text.SanitizeLine(media, LongestHeader) : null,
            RequestId = RequestIdOf(response) is { } id ? text.SanitizeLine(id, LongestHeader) : null,
            RetryAfter = wait,
            Date = response.Headers.Date,
            RetryAt = wait is { } length ? time.UtcAfter(length) : null,
        };
    }

    /// <summary>The target of a redirect, unchanged. It must be parsed with care and must not be shown.</summary>
    public static string? LocationOf(HttpResponseMessage response) =>
#if NET
        response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values) ? values.FirstOrDefault() : null;
#else
        response.Headers.TryGetValues("Location", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
#endif

    private static string? RequestIdOf(HttpResponseMessage response)
    {
        foreach (string name in RequestIdHeaders)
        {
            if (response.Headers.TryGetValues(name, out IEnumerable<string>? values))
                return values.First();
        }
        return null;
    }

    /// <summary>
    /// The time of Retry-After: seconds, or a date. The date is compared with the server's own time, because its clock may differ from this
    /// machine's.
    /// </summary>
    public static TimeSpan? RetryAfterOf(HttpResponseHeaders headers, TimeProvider time)
    {
        if (headers.RetryAfter is not { } after)
            return null;
        TimeSpan? wait = after.Delta ?? after.Date - (headers.Date ?? time.GetUtcNow());
        return wait is { } value && value > TimeSpan.Zero ? value : wait is null ? null : TimeSpan.Zero;
    }
}
