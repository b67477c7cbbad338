using System.Globalization;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>The API host. It finds the dialect, runs the request with its fault, checks the key and writes errors.</summary>
internal sealed class ApiHandler(
    EmulatorOptions options, string key, IReadOnlyList<ApiDialect> dialects, FaultRunner faults, CounterBoard counters)
{
    /// <summary>The accepted schemes before the key.</summary>
    private static readonly string[] AuthorizationSchemes = ["Bearer ", "Key "];

    private long _requests;

    public async ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken stopping)
    {
        // Mix is one to one, so all requests of a server have different ids.
        ulong number = (ulong)Interlocked.Increment(ref _requests);
        string requestId = SeededRandom.Mix(((ulong)(uint)options.Seed << 32) + number)
            .ToString("x16", CultureInfo.InvariantCulture);
        var response = await AnswerAsync(request, requestId, stopping).ConfigureAwait(false);
        return response.With("x-request-id", requestId);
    }

    private async ValueTask<HttpResponse> AnswerAsync(HttpRequest request, string requestId, CancellationToken stopping)
    {
        foreach (var dialect in dialects)
        {
            if (dialect.Match(request.Path) is not { } route)
                continue;
            if (!request.Is(route.Method))
            {
                return dialect.Error(405, "method_not_allowed", $"Use {route.Method} for {request.Path}.", requestId)
                    .With("Allow", route.Method);
            }

            var fault = faults.Take(route.Operation, request, route.Argument);
            if (CounterOf(route.Operation) is { } counter)
                counters.Count(counter);
            return await faults
                .RunAsync(fault, requestId, () => Handle(dialect, route, request, requestId), stopping)
                .ConfigureAwait(false);
        }

        return ApiDialect.StandardError(404, "NOT_FOUND", $"There is nothing at {request.Path}.", requestId);
    }

    private HttpResponse Handle(ApiDialect dialect, ApiRoute route, HttpRequest request, string requestId)
    {
        if (!HasKey(request))
        {
            counters.Count(Counter.Unauthorized);
            return ApiDialect.StandardError(401, ApiDialect.Unauthorized, "The API key is missing or not valid.", requestId);
        }

        try
        {
            return dialect.Handle(route, request);
        }
        catch (ApiRefusalException refusal)
        {
            if (route.Operation == EmulatorOperation.Create)
                counters.Count(Counter.CreatesRefused);
            return dialect.Error(refusal.Status, refusal.Code, refusal.Message, requestId);
        }
    }

    private bool HasKey(HttpRequest request)
    {
        string authorization = request.Headers["Authorization"] ?? "";
        return AuthorizationSchemes.Any(scheme =>
            authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && authorization.Substring(scheme.Length) == key);
    }

    /// <summary>The counter of received requests of a kind. An upload is counted when it is accepted.</summary>
    private static Counter? CounterOf(EmulatorOperation operation) => operation switch
    {
        EmulatorOperation.Create => Counter.CreatesReceived,
        EmulatorOperation.Result => Counter.Results,
        EmulatorOperation.Cancel => Counter.Cancels,
        EmulatorOperation.Upload => null,
        _ => Counter.Polls,
    };
}
