namespace NanoBanana.Emulator.Http;

/// <summary>What a host does with a request. Handlers of one host run concurrently.</summary>
internal interface IHttpHandler
{
    /// <summary>Answers one request.</summary>
    /// <param name="request">The whole request; its body is valid until the answer is written.</param>
    /// <param name="stopping">Cancelled when the server is disposed.</param>
    ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken stopping);
}
