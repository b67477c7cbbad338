using System.Text.Json.Nodes;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Wire;

/// <summary>The meaning of a path of a dialect.</summary>
/// <param name="Operation">The kind of request.</param>
/// <param name="Method">The HTTP method of the path. GET includes HEAD.</param>
/// <param name="Argument">The task's id in the path, or an empty string.</param>
internal readonly record struct ApiRoute(EmulatorOperation Operation, string Method, string Argument);

/// <summary>One of the protocols of the provider.</summary>
internal abstract class ApiDialect
{
    /// <summary>The error code of HTTP 401.</summary>
    public const string Unauthorized = "UNAUTHORIZED";

    /// <summary>Returns the meaning of a path, or null if the path is not part of this dialect.</summary>
    public abstract ApiRoute? Match(string path);

    /// <summary>Carries out a request that has passed the key check.</summary>
    /// <exception cref="ApiRefusalException">The request is refused.</exception>
    public abstract HttpResponse Handle(ApiRoute route, HttpRequest request);

    /// <summary>An error in the form of this dialect.</summary>
    public virtual HttpResponse Error(int status, string code, string message, string requestId) =>
        StandardError(status, code, message, requestId);

    /// <summary>An error in the provider's usual form: <c>{"error":{"code":"…","message":"…"},"request_id":"…"}</c>.</summary>
    public static HttpResponse StandardError(int status, string code, string message, string requestId) => HttpResponse.Json(status, new()
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        ["request_id"] = requestId,
    });
}

/// <summary>The API refuses a request. The message goes to the client and contains the name of the invalid field.</summary>
internal sealed class ApiRefusalException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static ApiRefusalException Invalid(string message) => new(400, "invalid_parameter", message);
}
