using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>The protocol of the provider's own page: <c>/model/v1/generation</c>.</summary>
internal sealed class GenerationDialect(TaskStore tasks, CounterBoard counters, GenerationJson json) : IApiDialect
{
    private const string Protocol = "generation";
    private const string CreatePath = "/model/v1/generation";
    private const string PollPath = CreatePath + "/task/";

    public ApiRoute? Match(string path)
    {
        if (path == CreatePath)
            return new ApiRoute(EmulatorOperation.Create, "POST", "");

        return path.Length > PollPath.Length
            && path.StartsWith(PollPath, StringComparison.Ordinal)
            && path.IndexOf('/', PollPath.Length) < 0
            ? new ApiRoute(EmulatorOperation.Poll, "GET", path.Substring(PollPath.Length))
            : null;
    }

    public HttpResponse Handle(ApiRoute route, HttpRequest request) =>
        route.Operation == EmulatorOperation.Create ? Create(request) : Poll(route.Argument);

    public HttpResponse Error(int status, string code, string message, string requestId) =>
        ApiErrors.Create(status, code, message, requestId);

    private HttpResponse Create(HttpRequest request)
    {
        var parameters = GenerationRequest.Read(request);
        var directives = PromptDirectives.Parse(parameters.Prompt);
        if (directives.Refuse)
        {
            counters.CreateRefused();
            return HttpResponse.Json(200, GenerationJson.Refused());
        }

        var task = tasks.Accept(parameters, directives, Protocol);
        counters.CreateAccepted();
        return HttpResponse.Json(200, GenerationJson.Accepted(task));
    }

    private HttpResponse Poll(string id)
    {
        var task = tasks.Find(id, Protocol)
            ?? throw new ApiRefusalException(404, "NOT_FOUND", "Task not found");
        string? word = task.Poll();
        ArraySegment<byte> documented = json.State(task, word);
        return word is null && task.IsCompleted ? ResultShapes.Result(task, documented) : HttpResponse.Json(200, documented);
    }
}
