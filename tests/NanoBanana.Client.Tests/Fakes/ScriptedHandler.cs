using System.Net;
using System.Text;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A fake network: reads the whole request like a server and returns the answer of a function.</summary>
internal sealed class ScriptedHandler(Func<int, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private int _requests;

    /// <summary>Number of requests.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Accepts each submission under a different id.</summary>
    public static ScriptedHandler Accepting() => new(number => Task.FromResult(Accepted($"id{number}")));

    public static HttpResponseMessage Accepted(string id) =>
        Json(HttpStatusCode.OK, $$"""{"id":"{{id}}","request_id":"{{id}}","status":"pending","created_at":1700000000}""");

    public static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null)
            await request.Content.CopyToAsync(Stream.Null, cancellationToken);
        return await answer(Interlocked.Increment(ref _requests));
    }
}
