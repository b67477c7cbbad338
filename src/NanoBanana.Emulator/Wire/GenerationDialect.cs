using System.Text.Json.Nodes;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Images;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>The dialect of the provider's model page: <c>/model/v1/generation</c>.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="counters">Counts the creates.</param>
/// <param name="imageUrl">The address of an image of a task, by its number from 0.</param>
internal sealed class GenerationDialect(TaskStore tasks, CounterBoard counters, Func<ProviderTask, int, string> imageUrl) : ApiDialect
{
    private const string Protocol = "generation";
    private const string CreatePath = "/model/v1/generation";
    private const string PollPath = CreatePath + "/task/";

    /// <summary>Prompt tokens of an input image of any size.</summary>
    private const int InputImageTokens = 1120;

    public override ApiRoute? Match(string path)
    {
        if (path == CreatePath)
            return new ApiRoute(EmulatorOperation.Create, "POST", "");

        return path.Length > PollPath.Length
            && path.StartsWith(PollPath, StringComparison.Ordinal)
            && path.IndexOf('/', PollPath.Length) < 0
            ? new ApiRoute(EmulatorOperation.Poll, "GET", path.Substring(PollPath.Length))
            : null;
    }

    public override HttpResponse Handle(ApiRoute route, HttpRequest request) =>
        route.Operation == EmulatorOperation.Create ? Create(request) : Poll(route.Argument);

    private HttpResponse Create(HttpRequest request)
    {
        var parameters = GenerationRequest.Read(request);
        var directives = PromptDirectives.Parse(parameters.Prompt);
        if (directives.Refuse)
        {
            counters.Count(Counter.CreatesRefused);
            // A refusal with HTTP status 200.
            return HttpResponse.Json(200, new()
            {
                ["model"] = GenerationRequest.Model,
                ["error"] = Error(5001097, "The submission was refused"),
            });
        }

        var task = tasks.Accept(parameters, directives, Protocol);
        counters.Count(Counter.CreatesAccepted);
        return HttpResponse.Json(200, Head(task, "in_progress"));
    }

    private HttpResponse Poll(string id)
    {
        var task = tasks.Find(id, Protocol)
            ?? throw new ApiRefusalException(404, "NOT_FOUND", "Task not found");
        string? word = task.Poll();
        JsonObject documented = State(task, word);
        return word is null && task.IsCompleted ? ResultShapes.Result(task, documented) : HttpResponse.Json(200, documented);
    }

    /// <summary>The current state of a task, with the status word of this poll if it has one.</summary>
    private JsonObject State(ProviderTask task, string? word)
    {
        JsonObject state;
        if (word is not null || !task.HasEnded)
        {
            state = Head(task, word ?? "in_progress");
            state["progress"] = task.Progress;
        }
        else if (task.FailureCode is { } code)
        {
            state = Head(task, "failed");
            state["error"] = Error(code, task.FailureMessage);
        }
        else
        {
            state = Head(task, "completed");
            state["output"] = new JsonArray(new JsonObject { ["content"] = Content(task) });
            state["usage"] = Usage(task);
        }

        state["metadata"] = new JsonObject();
        return state;
    }

    private static JsonObject Head(ProviderTask task, string status) => new()
    {
        ["id"] = task.Id,
        ["created_at"] = task.AcceptedAt.ToUnixTimeSeconds(),
        ["status"] = status,
        ["model"] = GenerationRequest.Model,
    };

    private static JsonObject Error(int code, string message) => new() { ["code"] = code, ["error_message"] = message };

    private JsonArray Content(ProviderTask task)
    {
        var content = new JsonArray();
        for (int number = 0; task.HasImage && number < task.Sizes.Count; number++)
            content.Add((JsonNode)new JsonObject { ["type"] = "image", ["url"] = imageUrl(task, number) });
        if (task.HasText)
            content.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = task.Text });
        return content;
    }

    private static JsonObject Usage(ProviderTask task)
    {
        int prompt = EstimateTokens(task.Parameters.Prompt) + (task.Parameters.ImageUrls.Count * InputImageTokens);
        int completion = task.HasImage ? ImageSizes.Tokens(task.Parameters.Resolution) : EstimateTokens(task.Text);
        return new() { ["prompt_tokens"] = prompt, ["completion_tokens"] = completion, ["total_tokens"] = prompt + completion };
    }

    /// <summary>Four characters for each token, rounded up: the usual estimate for English.</summary>
    private static int EstimateTokens(string text) => (ParameterReader.CountCodePoints(text) + 3) / 4;
}
