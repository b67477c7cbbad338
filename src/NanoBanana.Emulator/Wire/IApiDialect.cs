using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Wire;

/// <summary>One of the protocols that the same model is served under.</summary>
internal interface IApiDialect
{
    /// <summary>Says what a path means, or null if it is none of this dialect's.</summary>
    ApiRoute? Match(string path);

    /// <summary>Carries out a request that has passed the key check.</summary>
    /// <exception cref="ApiRefusalException">The request is turned down.</exception>
    HttpResponse Handle(ApiRoute route, HttpRequest request);

    /// <summary>An error in this dialect's words.</summary>
    HttpResponse Error(int status, string code, string message, string requestId);
}
