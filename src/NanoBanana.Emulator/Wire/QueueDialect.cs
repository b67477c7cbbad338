using System.Text.Json.Nodes;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Images;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>The provider's newer dialect for the same model: <c>/model/v1/queue/{model}</c>.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="counters">Counts the creates.</param>
/// <param name="imageUrl">The address of an image of a task, by its number from 0.</param>
/// <param name="origin">The base URL of the API, without a slash at its end.</param>
internal sealed class QueueDialect(
    TaskStore tasks, CounterBoard counters, Func<ProviderTask, int, string> imageUrl, Func<string> origin) : ApiDialect
{
    /// <summary>The path of the requests, before the model.</summary>
    private const string Root = "/model/v1/queue/";

    /// <summary>See <see cref="EmulatorTask.Protocol"/>.</summary>
    public const string Protocol = "queue";

    /// <summary>Ids have the length of the provider's: a prefix, and 26 characters, the last 20 of which are random.</summary>
    private const string IdPrefix = "mmsu_01hx00";

    /// <summary>The error of a canceled task.</summary>
    private const string Canceled = "The request was canceled";

    public override ApiRoute? Match(string path)
    {
        if (!path.StartsWith(Root, StringComparison.Ordinal))
            return null;
        string[] parts = path.Substring(Root.Length).Split('/');
        if (parts is [{ Length: > 0 } model])
            return new ApiRoute(EmulatorOperation.Create, "POST", model);
        if (parts is not [_, "requests", { Length: > 0 } id, string action])
            return null;
        // An id is valid only with its own model.
        string taskId = parts[0] == GenerationRequest.Model ? id : "";
        return action switch
        {
            "status" => new ApiRoute(EmulatorOperation.Poll, "GET", taskId),
            "response" => new ApiRoute(EmulatorOperation.Result, "GET", taskId),
            "cancel" => new ApiRoute(EmulatorOperation.Cancel, "PUT", taskId),
            _ => null,
        };
    }

    public override HttpResponse Handle(ApiRoute route, HttpRequest request)
    {
        if (route.Operation == EmulatorOperation.Create)
            return Create(route.Argument, request);
        var task = tasks.Find(route.Argument, Protocol);
        if (task is null && route.Operation == EmulatorOperation.Cancel)
            return Status(404, "NOT_FOUND");
        if (task is null)
            throw new ApiRefusalException(404, "NOT_FOUND", "Request not found");
        return route.Operation switch
        {
            EmulatorOperation.Poll => Poll(task),
            EmulatorOperation.Result => Result(task),
            _ => Cancel(task),
        };
    }

    public override HttpResponse Error(int status, string code, string message, string requestId) =>
        HttpResponse.Json(status, new() { ["detail"] = message });

    private HttpResponse Create(string model, HttpRequest request)
    {
        if (model != GenerationRequest.Model)
            throw new ApiRefusalException(404, "NOT_FOUND", $"App not found: {model}");
        var parameters = JsonFields.ReadBody(request, ParameterReader.Read);
        var directives = PromptDirectives.Parse(parameters.Prompt);
        if (directives.Refuse)
        {
            counters.Count(Counter.CreatesRefused);
            return HttpResponse.Json(200, new() { ["detail"] = "The submission was refused" });
        }

        var task = tasks.Accept(parameters, directives, Protocol, IdPrefix);
        counters.Count(Counter.CreatesAccepted);
        return HttpResponse.Json(200, new()
        {
            ["request_id"] = task.Id,
            ["response_url"] = UrlOf(task, "response"),
            ["status_url"] = UrlOf(task, "status"),
            ["cancel_url"] = UrlOf(task, "cancel"),
            // Always 0 at present, according to the API reference.
            ["queue_position"] = 0,
        });
    }

    private HttpResponse Poll(ProviderTask task)
    {
        string? word = task.Poll();
        JsonObject documented = State(task, word);
        return word is null && task.IsCompleted ? ResultShapes.Status(task, documented) : HttpResponse.Json(200, documented);
    }

    private HttpResponse Result(ProviderTask task)
    {
        if (!task.HasEnded)
            return HttpResponse.Json(202, State(task, null));
        if (task.IsCanceled)
            throw ApiRefusalException.Invalid(Canceled);
        return task.FailureCode is null
            ? ResultShapes.Result(task, Outputs(task))
            : throw ApiRefusalException.Invalid(task.FailureMessage);
    }

    private static HttpResponse Cancel(ProviderTask task) => task.TryCancel()
        ? Status(202, "CANCELLATION_REQUESTED")
        : Status(400, "ALREADY_COMPLETED");

    private static HttpResponse Status(int status, string word) => HttpResponse.Json(status, new() { ["status"] = word });

    /// <summary>The current state of a task, with the status word of this poll if it has one.</summary>
    private JsonObject State(ProviderTask task, string? word)
    {
        bool hasEnded = task.HasEnded;
        // The dialect has only three status words. A failed or canceled task is COMPLETED with an error.
        string status = hasEnded ? "COMPLETED" : task.IsQueued ? "IN_QUEUE" : "IN_PROGRESS";
        var state = new JsonObject
        {
            ["status"] = word ?? status,
            ["request_id"] = task.Id,
            ["response_url"] = UrlOf(task, "response"),
        };
        if (!hasEnded || word is not null)
            return state;
        state["metrics"] = new JsonObject { ["inference_time"] = Math.Round(task.Duration.TotalSeconds, 2) };
        if (task.IsCanceled)
            (state["error"], state["error_type"]) = (Canceled, "CANCELED");
        else if (task.FailureCode is not null)
            (state["error"], state["error_type"]) = (task.FailureMessage, "INFERENCE_FAILURE");
        return state;
    }

    /// <summary>The images of a completed task.</summary>
    private JsonObject Outputs(ProviderTask task)
    {
        var outputs = new JsonArray();
        for (int number = 0; task.HasImage && number < task.Sizes.Count; number++)
        {
            var image = Image.Of(task, number);
            outputs.Add((JsonNode)new JsonObject
            {
                ["type"] = "image",
                ["url"] = imageUrl(task, number),
                ["content_type"] = image.MediaType,
                ["file_name"] = FormattableString.Invariant($"{number}.png"),
                ["file_size"] = image.Length,
                ["width"] = task.Sizes[number].Width,
                ["height"] = task.Sizes[number].Height,
            });
        }

        if (task.HasText)
            outputs.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = task.Text });
        return new() { ["request_id"] = task.Id, ["outputs"] = outputs, ["metadata"] = new JsonObject() };
    }

    private string UrlOf(ProviderTask task, string action) => $"{origin()}{Root}{GenerationRequest.Model}/requests/{task.Id}/{action}";
}
