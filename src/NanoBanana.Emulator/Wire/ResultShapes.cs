using System.Text.Json.Nodes;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Images;
using NanoBanana.Emulator.Provider;
using Shape = NanoBanana.Emulator.EmulatorResultShape;

namespace NanoBanana.Emulator.Wire;

/// <summary>Converts the documented answer of a completed task to another shape.</summary>
internal static class ResultShapes
{
    private const string Blocked = "The content was blocked";
    private const string Sensitive = "input image may contain sensitive information";

    /// <summary>The answer with the images.</summary>
    /// <param name="task">A completed task.</param>
    /// <param name="root">The documented answer of the dialect.</param>
    public static HttpResponse Result(ProviderTask task, JsonObject root)
    {
        if (task.Shape == Shape.Documented)
            return HttpResponse.Json(200, root);
        JsonArray items = TakeItems(root);
        switch (task.Shape)
        {
            case Shape.Error200:
                root["outputs"] = new JsonArray();
                root["error"] = Blocked;
                root["error_type"] = "CONTENT_BLOCKED";
                break;
            case Shape.FailReason or Shape.FailedHttp:
                Fail(root);
                break;
            default:
                Place(root, items, task);
                break;
        }

        return ToResponse(root, task.Shape);
    }

    /// <summary>The status of a completed task in the queue dialect, in the shape of the task.</summary>
    public static HttpResponse Status(ProviderTask task, JsonObject root)
    {
        // These shapes change only the answer with the image.
        if (task.Shape is Shape.StatusMissing or Shape.StatusNumber)
            return HttpResponse.Json(200, root);
        if (task.Shape is Shape.FailReason or Shape.FailedHttp)
            Fail(root);
        SetStatus(root, task.Shape);
        return ToResponse(root, task.Shape);
    }

    private static void Place(JsonObject root, JsonArray items, ProviderTask task)
    {
        int number = 0;
        foreach (JsonObject item in items.OfType<JsonObject>().Where(IsImage))
            Change(item, task, number++);
        string? url = items.OfType<JsonObject>().FirstOrDefault(item => item.ContainsKey("url"))?["url"]?.GetValue<string>();
        if (task.Shape == Shape.Both)
            root["outputs"] = new JsonArray();
        bool isQueue = task.Protocol == QueueDialect.Protocol;
        (string name, JsonNode? value) = task.Shape switch
        {
            Shape.Outputs => ("outputs", items),
            Shape.Output or Shape.Both => ("output", Groups(items)),
            Shape.OutputObject => ("output", new JsonObject { ["content"] = items }),
            Shape.Addresses => ("output", new JsonArray(url)),
            Shape.Address => ("output", url),
            Shape.Images => ("images", Urls(url)),
            Shape.Data => ("data", Urls(url)),
            Shape.Url => ("url", url),
            Shape.ImageUrl => ("image_url", new JsonObject { ["url"] = url }),
            Shape.Result => ("result", new JsonObject { ["images"] = Urls(url) }),
            _ => isQueue ? ("outputs", (JsonNode?)items) : ("output", Groups(items)),
        };
        root[name] = value;
        SetStatus(root, task.Shape);
    }

    private static void Change(JsonObject item, ProviderTask task, int number)
    {
        switch (task.Shape)
        {
            case Shape.TypeMissing:
                item.Remove("type");
                break;
            case Shape.TypeCapitalized:
                item["type"] = "Image";
                break;
            case Shape.TypeMedia:
                item["type"] = "image/png";
                break;
            case Shape.Base64:
                item.Remove("url");
                item["b64_json"] = Base64(task, number);
                break;
            case Shape.DataUri:
                item["url"] = "data:image/png;base64," + Base64(task, number);
                break;
            case Shape.SchemeMissing:
                item["url"] = item["url"]!.GetValue<string>().Substring("http:".Length);
                break;
            case Shape.Relative:
                item["url"] = ImageHandler.PathOf(task, number);
                break;
        }
    }

    private static void SetStatus(JsonObject root, Shape shape)
    {
        if (shape == Shape.StatusMissing)
            root.Remove("status");
        else if (shape == Shape.StatusNumber)
            root["status"] = 2;
        else if (shape is Shape.StatusDone or Shape.StatusSuccess)
            root["status"] = shape == Shape.StatusDone ? "done" : "SUCCESS";
    }

    private static void Fail(JsonObject root)
    {
        root.Remove("usage");
        root["status"] = "failed";
        root["fail_reason"] = Sensitive;
        root["code"] = 110001;
    }

    private static HttpResponse ToResponse(JsonObject root, Shape shape)
    {
        JsonObject body = shape switch
        {
            Shape.Enveloped => new JsonObject { ["code"] = 0, ["message"] = "ok", ["data"] = root },
            Shape.ResponseEnvelope => new JsonObject { ["response"] = root },
            _ => root,
        };
        return HttpResponse.Json(shape == Shape.FailedHttp ? 422 : 200, body);
    }

    /// <summary>Removes the items from the documented answer of either dialect and returns them.</summary>
    private static JsonArray TakeItems(JsonObject root)
    {
        (JsonObject owner, string name) = root.ContainsKey("outputs") ? (root, "outputs") : (root["output"]![0]!.AsObject(), "content");
        JsonArray items = owner[name]!.AsArray();
        owner.Remove(name);
        root.Remove("output");
        return items;
    }

    private static bool IsImage(JsonObject item) => item["type"]!.GetValue<string>() == "image";

    private static JsonArray Groups(JsonArray items) => new(new JsonObject { ["content"] = items });

    private static JsonArray Urls(string? url) => new(new JsonObject { ["url"] = url });

    private static string Base64(ProviderTask task, int number) =>
        Convert.ToBase64String(Image.Of(task, number).ToArray());
}
