using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Pictures;

namespace NanoBanana.Emulator;

/// <summary>API and pictures on one port: <see cref="EmulatorOptions.SeparateDownloadHost"/> is false.</summary>
internal sealed class SharedHost(IHttpHandler api, IHttpHandler pictures) : IHttpHandler
{
    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken stopping) =>
        (PictureHandler.Owns(request.Path) ? pictures : api).HandleAsync(request, stopping);
}
