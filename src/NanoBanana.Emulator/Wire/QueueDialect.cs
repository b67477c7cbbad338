using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>The provider's newer protocol for the same model: <c>/model/v1/queue/{model}</c>.</summary>
internal sealed class QueueDialect(TaskStore tasks, CounterBoard counters, QueueJson json) : IApiDialect
{
    /// <summary>The base address of the requests of the one model that is served.</summary>
    public const string Root = "/model/v1/queue/";

    /// <summary>See <see cref="EmulatorTask.Protocol"/>.</summary>
    public const string Protocol = "queue";

    /// <summary>Ids are as long as the provider's: a mark, and 26 letters of which the last 20 are drawn.</summary>
    private const string IdPrefix = "mmsu_01hx00";

    public ApiRoute? Match(string path)
    {
        if (!path.StartsWith(Root, StringComparison.Ordinal))
            return null;
        string[] parts = path.Substring(Root.Length).Split('/');
        if (parts is [{ Length: > 0 } model])
            return new ApiRoute(EmulatorOperation.Create, "POST", model);
        if (parts is not [_, "requests", { Length: > 0 } id, string what])
            return null;
        // An id is known under its own model alone.
        string known = parts[0] == GenerationRequest.Model ? id : "";
        return what switch
        {
            "status" => new ApiRoute(EmulatorOperation.Poll, "GET", known),
            "response" => new ApiRoute(EmulatorOperation.Result, "GET", known),
            "cancel" => new ApiRoute(EmulatorOperation.Cancel, "PUT", known),
            _ => null,
        };
    }

    public HttpResponse Handle(ApiRoute route, HttpRequest request)
    {
        if (route.Operation == EmulatorOperation.Create)
            return Create(route.Argument, request);
        var task = tasks.Find(route.Argument, Protocol);
        if (task is null && route.Operation == EmulatorOperation.Cancel)
            return HttpResponse.Json(404, QueueJson.Status("NOT_FOUND"));
        if (task is null)
            throw new ApiRefusalException(404, "NOT_FOUND", "Request not found");
        return route.Operation switch
        {
            EmulatorOperation.Poll => Status(task),
            EmulatorOperation.Result => Result(task),
            _ => Cancel(task),
        };
    }

    public HttpResponse Error(int status, string code, string message, string requestId) =>
        HttpResponse.Json(status, QueueJson.Detail(message));

    private HttpResponse Create(string model, HttpRequest request)
    {
        if (model != GenerationRequest.Model)
            throw new ApiRefusalException(404, "NOT_FOUND", $"App not found: {model}");
        var parameters = JsonRequest.Read(request, ParameterReader.Read);
        var directives = PromptDirectives.Parse(parameters.Prompt);
        if (directives.Refuse)
        {
            counters.CreateRefused();
            return HttpResponse.Json(200, QueueJson.Detail("The submission was refused"));
        }

        var task = tasks.Accept(parameters, directives, Protocol, IdPrefix);
        counters.CreateAccepted();
        return HttpResponse.Json(200, json.Accepted(task));
    }

    private HttpResponse Status(ProviderTask task)
    {
        string? word = task.Poll();
        ArraySegment<byte> documented = json.State(task, word);
        return word is null && task.IsCompleted ? ResultShapes.Status(task, documented) : HttpResponse.Json(200, documented);
    }

    private HttpResponse Result(ProviderTask task)
    {
        if (!task.IsOver)
            return HttpResponse.Json(202, json.State(task, null));
        if (task.IsCanceled)
            throw ApiRefusalException.Invalid(QueueJson.Canceled);
        return task.FailureCode is { } code
            ? throw ApiRefusalException.Invalid(ProviderErrors.Describe(code))
            : ResultShapes.Result(task, json.Result(task));
    }

    private static HttpResponse Cancel(ProviderTask task) => task.TryCancel()
        ? HttpResponse.Json(202, QueueJson.Status("CANCELLATION_REQUESTED"))
        : HttpResponse.Json(400, QueueJson.Status("ALREADY_COMPLETED"));
}
