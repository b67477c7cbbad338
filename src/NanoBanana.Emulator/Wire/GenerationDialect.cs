using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>The protocol of the provider's own page: <c>/model/v1/generation</c>.</summary>
internal sealed class GenerationDialect(TaskStore tasks, CounterBoard counters, GenerationJson json) : IApiDialect
{
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

    private HttpResponse Create(HttpRequest request)
    {
        var parameters = GenerationRequest.Read(request);
        var directives = PromptDirectives.Parse(parameters.Prompt);
        if (directives.Refuse)
        {
            counters.CreateRefused();
            return HttpResponse.Json(200, GenerationJson.Refused());
        }

        var task = tasks.Accept(parameters, directives);
        counters.CreateAccepted();
        return HttpResponse.Json(200, GenerationJson.Accepted(task));
    }

    private HttpResponse Poll(string id)
    {
        var task = tasks.Find(id)
            ?? throw new ApiRefusalException(404, "task_not_found", $"There is no task {id}.");
        return HttpResponse.Json(200, json.State(task, task.Poll()));
    }
}
