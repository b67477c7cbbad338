using System.Text;
using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The objects of an answer that can say something about the task: the root, and what it wraps in envelopes such as
/// <c>data</c>, <c>response</c> or a list of one task. The innermost is first: an envelope's own status is about the request.
/// </summary>
internal sealed class AnswerLayers
{
    private const int Deepest = 6;
    private const int LongestAddress = 16_000;

    private static readonly string[] Envelopes =
        ["data", "task", "tasks", "job", "prediction", "payload", "body", "item", "items", "list", "record", "records", "taskinfo", "taskresult", "attributes"];

    private static readonly string[] Containers = ["response", "result", "results", "output", "outputs"];

    private static readonly string[] TaskIdNames =
        ["taskid", "jobid", "promptid", "predictionid", "generationid", "taskuuid", "jobuuid", "taskno"];

    /// <summary>What an answer about a task has beside its output.</summary>
    private static readonly HashSet<string> Usual = new(StringComparer.Ordinal)
    {
        "id", "requestid", "object", "type", "state", "taskstatus", "code", "message", "reason", "title", "metadata", "created", "name", "tags", "batch", "text", "texturl",
        "action", "cost", "currency", "progress", "description", "seed", "baseresp", "usagemetadata", "modelversion", "responseid", "service", "region", "queueposition",
    };

    private readonly List<Fields> _envelopes = [];
    private readonly List<Fields> _containers = [];

    private AnswerLayers(JsonElement root)
    {
        Root = root;
        Add(root, 0, _envelopes);
        All = [.. _envelopes, .. _containers];
    }

    public JsonElement Root { get; }

    public IReadOnlyList<Fields> All { get; }

    public Fields? Outermost => _envelopes.Count > 0 ? _envelopes[^1] : null;

    /// <summary>The layers of a body; null when it is not a JSON object or list. A list of texts is an output, and so is an address alone.</summary>
    public static AnswerLayers? Of(WireReply reply)
    {
        if (!JsonReading.TryParse(reply.Body, out JsonElement root))
            return reply.Body.Length <= LongestAddress && ImageText.AddressOf(Encoding.UTF8.GetString(reply.Body).Trim().Trim('"'), null, isExpected: false) is { } address
                ? new AnswerLayers(JsonReading.Parse($"{{\"output\":\"{address.AbsoluteUri}\"}}"))
                : null;
        bool isOutput = root.Items().Any(item => item.ValueKind == JsonValueKind.String);
        // A list as deep as JSON may be has no room for one level more.
        return new AnswerLayers(isOutput && JsonReading.TryParse(Encoding.UTF8.GetBytes($"{{\"output\":{root.GetRawText()}}}"), out JsonElement wrapped) ? wrapped : root);
    }

    /// <summary>The first of these names in the innermost layer that has one.</summary>
    public JsonElement Get(params string[] names) => All.FirstOrDefault(layer => layer.Has(names))?[names] ?? default;

    public string? Text(params string[] names) => All.Select(layer => layer.Text(names)).FirstOrDefault(text => text is not null);

    /// <summary>The provider's word or number for where the task stands.</summary>
    public string? StatusWord { get; private set; }

    /// <summary>The task's id. A <c>request_id</c> names the task in one dialect and this one request in the other, so it comes last there.</summary>
    public string? IdOf(ApiProtocol protocol)
    {
        string? Inner(params string[] names) => Text(names);
        string? Outer(string name) => Enumerable.Reverse(_envelopes).Concat(_containers).Select(l => l.Text(name)).FirstOrDefault(t => t is not null);
        if (ExplicitId() is { } explicitId)
            return explicitId;
        if (protocol == ApiProtocol.Queue)
        {
            bool isEnvelope = _envelopes.Count > 1 && Outermost!.Has("code", "msg", "message", "success");
            return (isEnvelope ? _envelopes.Take(_envelopes.Count - 1).Select(l => l.Text("requestid", "id")).FirstOrDefault(t => t is not null) : null)
                ?? Inner("requestid") ?? Outer("id") ?? Outer("uuid") ?? DataId() ?? OperationName();
        }
        return Outer("id") ?? Inner("requestid") ?? Outer("uuid") ?? DataId() ?? OperationName();
    }

    /// <summary>
    /// The id where nothing else is one. Google names a long-running operation by a path: <c>{"name":"operations/abc","done":false}</c>;
    /// others write <c>{"task":"t1"}</c>, where a word without a digit would be the kind of the task.
    /// </summary>
    private string? OperationName() =>
        All.Where(l => l.Has("done", "metadata")).Select(l => l.Text("name")).FirstOrDefault(name => name?.Contains("operations/") == true)
        ?? (Text("task", "job") is { Length: > 1 } id && id.Any(char.IsDigit) && !id.Any(char.IsWhiteSpace) ? id : null);

    /// <summary>An id under a name that is a task's and nothing else's, alone or first in a list.</summary>
    private string? ExplicitId() => Text(TaskIdNames)
        ?? Get("taskids", "taskidlist", "jobids").Items().Select(item => item.AsText()).FirstOrDefault();

    /// <summary>Whether the task is named by more than a request id, which answers of any kind carry.</summary>
    public bool NamesTask(ApiProtocol protocol) =>
        ExplicitId() is not null || All.Any(l => l.Text("id", "uuid") is not null)
        || (DataId() ?? OperationName()) is not null
        || (Text("requestid") is not null && ((StatusWord is not null && (protocol == ApiProtocol.Queue || StatusWords.Of(StatusWord) != ImageTaskStatus.Failed)) || All.Any(l => l.Has("statusurl", "responseurl", "cancelurl"))));

    /// <summary>Whether there is anything beside what every answer about a task has.</summary>
    public bool HoldsUnknown() => All.Any(layer => layer.All.Any(pair => !Usual.Contains(pair.Key) && !ImageNames.IsForeign(pair.Key)
        && !Envelopes.Contains(pair.Key) && !pair.Key.EndsWith("at", StringComparison.Ordinal) && !pair.Key.EndsWith("time", StringComparison.Ordinal)
        && HasValue(pair.Value, ImageNames.IsOutput(pair.Key))));

    private static bool HasValue(JsonElement value, bool isOutput) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(property => HasValue(property.Value, isOutput)),
        JsonValueKind.Array => value.EnumerateArray().Any(item => HasValue(item, isOutput)),
        JsonValueKind.Number => isOutput,
        _ => false,
    };

    /// <summary>What some gateways answer a submit with: <c>{"code":"success","data":"the id"}</c>.</summary>
    private string? DataId() =>
        Outermost?["data", "result"] is { ValueKind: JsonValueKind.String or JsonValueKind.Number } data && Outermost.Has("code", "success", "status", "msg", "message")
            && (ProviderErrors.IsNone(Outermost.Text("code")) || Outermost.Text("code") is "1" or "21" or "22") && data.AsText() is { Length: > 5 and <= 100 } text && text.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ':' or '.')
            && text.Any(char.IsDigit)
            ? text
            : null;

    private void Add(JsonElement element, int depth, List<Fields> layers)
    {
        element = element.Opened();
        if (element.ValueKind == JsonValueKind.Array)
            element = element.EnumerateArray().Select(item => item.Opened()).FirstOrDefault(item => depth == 0 || LooksLikeTask(item));
        if (element.ValueKind != JsonValueKind.Object || depth > Deepest)
            return;
        var fields = new Fields(element);
        foreach (string name in Envelopes)
            Add(fields[name], depth + 1, layers);
        // ComfyUI's history is an object with the id as its only name.
        if (depth == 0 && fields.Count == 1 && layers.Count == 0 && fields.All.First() is { Value.ValueKind: JsonValueKind.Object } only && !Containers.Contains(only.Key) && only.Key != "error")
            Add(only.Value, depth + 1, layers);
        layers.Add(fields);
        foreach (string name in Containers)
        {
            if (fields[name].Opened() is { ValueKind: JsonValueKind.Object } container)
                Add(container, depth + 1, _containers);
        }
        if (depth == 0)
            StatusWord = _envelopes.Concat(_containers).Select(WordOf).FirstOrDefault(word => word is not null);
    }

    private static bool LooksLikeTask(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && new Fields(item) is var f
        && (f.Text(TaskIdNames) is not null || WordOf(f) is not null || f.Has("output", "outputs", "failreason")
            || (f.Has("id") && !f.All.Any(pair => ImageNames.IsAddress(pair.Key) || ImageNames.IsData(pair.Key))));

    private static string? WordOf(Fields layer)
    {
        string? word = layer.Text("status", "state", "taskstatus", "taskstate", "jobstatus", "jobstate", "phase", "runstatus", "successflag");
        if (word is not null)
            return word;
        JsonElement status = layer["status", "state", "taskstatus"].Opened();
        if (status.ValueKind == JsonValueKind.Object && new Fields(status) is var inner)
        {
            word = inner.Text("statusstr", "state", "status", "phase", "name", "value");
            if (word is not null)
                return word;
            layer = inner;
        }
        return layer["done", "completed", "finished", "iscompleted", "isfinished", "isdone"].ValueKind switch
        {
            JsonValueKind.True => "done",
            JsonValueKind.False => "running",
            _ => null,
        };
    }
}
