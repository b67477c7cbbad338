using System.Text.Json.Nodes;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Wire;

/// <summary>What a path of a dialect means.</summary>
/// <param name="Operation">The kind of request.</param>
/// <param name="Method">The one HTTP method that the path takes; HEAD goes with GET.</param>
/// <param name="Argument">The part of the path that is a task's id, or empty.</param>
internal readonly record struct ApiRoute(EmulatorOperation Operation, string Method, string Argument);

/// <summary>One of the protocols that the same model is served under.</summary>
internal abstract class ApiDialect
{
    /// <summary>The code of 401.</summary>
    public const string Unauthorized = "UNAUTHORIZED";

    /// <summary>Says what a path means, or null if it is none of this dialect's.</summary>
    public abstract ApiRoute? Match(string path);

    /// <summary>Carries out a request that has passed the key check.</summary>
    /// <exception cref="ApiRefusalException">The request is turned down.</exception>
    public abstract HttpResponse Handle(ApiRoute route, HttpRequest request);

    /// <summary>An error in this dialect's words.</summary>
    public virtual HttpResponse Error(int status, string code, string message, string requestId) =>
        StandardError(status, code, message, requestId);

    /// <summary>An error as the provider's: <c>{"error":{"code":"…","message":"…"},"request_id":"…"}</c>.</summary>
    public static HttpResponse StandardError(int status, string code, string message, string requestId) => HttpResponse.Json(status, new()
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        ["request_id"] = requestId,
    });
}

/// <summary>The API turns a request down; the message is for the caller and names the field at fault.</summary>
internal sealed class ApiRefusalException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static ApiRefusalException Invalid(string message) => new(400, "invalid_parameter", message);
}
