using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>The response of a fake network to one request.</summary>
/// <param name="TakesBody">Whether the body of the request is sent.</param>
/// <param name="Make">Creates the response or throws a network error.</param>
internal sealed record Answer(bool TakesBody, Func<CancellationToken, Task<HttpResponseMessage>> Make)
{
    public static Answer Json(string body, int status = 200) =>
        Of(() => Response(status, Encoding.UTF8.GetBytes(body), "application/json"));

    public static Answer Status(int status, string body = "") => Of(() => Response(status, Encoding.UTF8.GetBytes(body), "text/plain"));

    public static Answer Bytes(byte[] body, string mediaType = "image/png", int status = 200) =>
        Of(() => Response(status, body, mediaType));

    public static Answer Accepted(string id = "task1") =>
        Json($$"""{"id":"{{id}}","created_at":1775831525,"status":"in_progress","model":"nano_banana_2"}""");

    public static Answer Running(string id = "task1") => Json($$"""{"id":"{{id}}","status":"in_progress"}""");

    public static Answer Completed(string url = "https://cdn.example/p.png", string id = "task1") =>
        Json($$"""{"id":"{{id}}","status":"completed","output":[{"content":[{"type":"image","url":"{{url}}"}]}]}""");

    /// <summary>No connection is made. The body is not sent.</summary>
    public static Answer NeverConnected { get; } = Failing(
        takesBody: false,
        () => new HttpRequestException("Connection refused (fake)", new SocketException((int)SocketError.ConnectionRefused)));

    /// <summary>The whole request is sent and the connection breaks.</summary>
    public static Answer Reset { get; } = Failing(takesBody: true, () => new HttpRequestException("Connection reset (fake)"));

    /// <summary>The whole request is sent and no answer arrives.</summary>
    public static Answer Silence { get; } = new(TakesBody: true, async token =>
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        using CancellationTokenRegistration registration = token.Register(() => never.TrySetCanceled(token));
        return await never.Task.ConfigureAwait(false);
    });

    public static Answer Of(Func<HttpResponseMessage> make) => new(TakesBody: true, _ => Task.FromResult(make()));

    public static Answer Failing(bool takesBody, Func<Exception> error) =>
        new(takesBody, _ => Task.FromException<HttpResponseMessage>(error()));

    /// <summary>A response with the given body and announced length.</summary>
    public static Answer Stream(Func<Stream> body, long? length, int status = 200) => Of(() =>
    {
        var content = new StreamContent(body());
        content.Headers.ContentLength = length;
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    });

    public Answer With(string header, string value) => With(response =>
    {
        if (!response.Headers.TryAddWithoutValidation(header, value))
            response.Content.Headers.TryAddWithoutValidation(header, value);
    });

    public Answer RetryAfter(int seconds) => With(r => r.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)));

    private Answer With(Action<HttpResponseMessage> change) => this with
    {
        Make = async token =>
        {
            HttpResponseMessage response = await Make(token).ConfigureAwait(false);
            change(response);
            return response;
        },
    };

    private static HttpResponseMessage Response(int status, byte[] body, string mediaType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }
}
