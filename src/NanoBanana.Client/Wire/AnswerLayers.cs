using System.Text;
using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The objects of an answer that can contain data of the task: the root, and the objects inside envelopes such as <c>data</c>,
/// <c>response</c> or a list of one task. The innermost object is first, because the status of an envelope is about the request.
/// </summary>
/// <remarks>Its elements are in rented memory until it is disposed.</remarks>
internal sealed class AnswerLayers : IDisposable
{
    private const int MaximumDepth = 6;
    private const int MaximumAddressLength = 16_000;

    private static readonly string[] Envelopes =
        ["data", "task", "tasks", "job", "prediction", "payload", "body", "item", "items", "list", "record", "records", "taskinfo",
         "taskresult", "attributes"];

    private static readonly string[] Containers = ["response", "result", "results", "output", "outputs"];

    private static readonly string[] TaskIdNames =
        ["taskid", "jobid", "promptid", "predictionid", "generationid", "taskuuid", "jobuuid", "taskno"];

    /// <summary>The usual properties of an answer about a task, except for its output.</summary>
    private static readonly HashSet<string> UsualNames = new(StringComparer.Ordinal)
    {
        "id", "requestid", "object", "type", "state", "taskstatus", "code", "message", "reason", "title", "metadata", "created", "name",
        "tags", "batch", "text", "texturl", "action", "cost", "currency", "progress", "description", "seed", "baseresp", "usagemetadata",
        "modelversion", "responseid", "service", "region", "queueposition",
    };

    private readonly int _envelopes;
    private readonly JsonDocument _document;

    private AnswerLayers(JsonDocument document, JsonElement root)
    {
        _document = document;
        Root = root;
        List<Fields>? containers = null;
        Add(root, 0, All, ref containers);
        _envelopes = All.Count;
        All.AddRange(containers ?? []);
        foreach (Fields layer in All)
            StatusWord ??= StatusWordOf(layer);
        Status = StatusWords.Of(StatusWord);
    }

    public JsonElement Root { get; }

    /// <summary>The properties of the root, if it is an object.</summary>
    public Fields? RootFields { get; private set; }

    /// <summary>The envelopes, the innermost one first, and then the containers.</summary>
    public List<Fields> All { get; } = [];

    public Fields? Outermost => _envelopes > 0 ? All[_envelopes - 1] : null;

    /// <summary>
    /// The layers of a body; null if it is not a JSON object or list. A list of texts is an output, and so is a single address.
    /// </summary>
    public static AnswerLayers? Of(WireReply reply)
    {
        JsonDocument? document = JsonReading.Parse(reply.Body, out JsonElement root);
        if (document is null)
        {
            return reply.Body.Length <= MaximumAddressLength
                && ImageText.AddressOf(Encoding.UTF8.GetString(reply.Body).Trim().Trim('"'), null, isExpected: false) is { } address
                ? OfOutput($"\"{address.AbsoluteUri}\"")
                : null;
        }
        bool isOutput = root.ValueKind == JsonValueKind.Array && root.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String);
        // A list with the maximum depth of JSON can't be nested one level deeper.
        if (!isOutput || OfOutput(root.GetRawText()) is not { } output)
            return new AnswerLayers(document, root);
        document.Dispose();
        return output;
    }

    private static AnswerLayers? OfOutput(string json) =>
        JsonReading.Parse(Encoding.UTF8.GetBytes($"{{\"output\":{json}}}"), out JsonElement root) is { } document
            ? new AnswerLayers(document, root)
            : null;

    public void Dispose() => _document.Dispose();

    /// <summary>The value of the first of these names in the innermost layer that has one.</summary>
    public JsonElement Get(params ReadOnlySpan<string> names) => LayerWith(names)?[names] ?? default;

    /// <summary>The properties of that value, if it is an object.</summary>
    public Fields? Inner(params ReadOnlySpan<string> names) => LayerWith(names)?.Inner(names);

    /// <summary>Whether a layer has one of these names.</summary>
    public bool Has(params ReadOnlySpan<string> names) => LayerWith(names) is not null;

    /// <summary>The first text or number under these names, in the innermost layer that has one.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        string? text = null;
        for (int i = 0; text is null && i < All.Count; i++)
            text = All[i].Text(names);
        return text;
    }

    private Fields? LayerWith(ReadOnlySpan<string> names)
    {
        foreach (Fields layer in All)
        {
            if (layer.Has(names))
                return layer;
        }
        return null;
    }

    /// <summary>The status in the provider's words or numbers.</summary>
    public string? StatusWord { get; }

    /// <summary>The meaning of <see cref="StatusWord"/>; null if it is not known.</summary>
    public ImageTaskStatus? Status { get; }

    /// <summary>
    /// The id of the task. A <c>request_id</c> is the id of the task in one dialect and of the request in the other, where it is used last.
    /// </summary>
    public string? IdOf(ApiProtocol protocol)
    {
        if (ExplicitId() is { } explicitId)
            return explicitId;
        if (protocol == ApiProtocol.Generation)
            return Outer("id") ?? Text("requestid") ?? Outer("uuid") ?? DataId() ?? OperationName();
        string? inner = null;
        bool isEnvelope = _envelopes > 1 && Outermost!.Has("code", "msg", "message", "success");
        for (int i = 0; isEnvelope && inner is null && i < _envelopes - 1; i++)
            inner = All[i].Text("requestid", "id");
        return inner ?? Text("requestid") ?? Outer("id") ?? Outer("uuid") ?? DataId() ?? OperationName();
    }

    /// <summary>A text of the outermost envelope that has one, or of a container.</summary>
    private string? Outer(string name)
    {
        string? text = null;
        for (int i = _envelopes - 1; text is null && i >= 0; i--)
            text = All[i].Text(name);
        for (int i = _envelopes; text is null && i < All.Count; i++)
            text = All[i].Text(name);
        return text;
    }

    /// <summary>
    /// The id under other names. Google names a long-running operation by a path: <c>{"name":"operations/abc","done":false}</c>. Others
    /// write <c>{"task":"t1"}</c>; a word without a digit would be the kind of the task.
    /// </summary>
    private string? OperationName() =>
        (!Has("done", "metadata") ? null : All.Where(layer => layer.Has("done", "metadata")).Select(layer => layer.Text("name"))
            .FirstOrDefault(name => name?.Contains("operations/") == true))
        ?? (Text("task", "job") is { Length: > 1 } id && id.Any(char.IsDigit) && !id.Any(char.IsWhiteSpace) ? id : null);

    /// <summary>An id under a name that only tasks have, alone or first in a list.</summary>
    private string? ExplicitId() => Text(TaskIdNames)
        ?? (Get("taskids", "taskidlist", "jobids") is { ValueKind: JsonValueKind.Array } ids && ids.GetArrayLength() > 0
            ? ids[0].AsText()
            : null);

    /// <summary>Whether the answer names the task by more than a request id, which any answer can have.</summary>
    public bool NamesTask(ApiProtocol protocol) =>
        ExplicitId() is not null || Text("id", "uuid") is not null || (DataId() ?? OperationName()) is not null
        || (Text("requestid") is not null
            && ((StatusWord is not null && (protocol == ApiProtocol.Queue || Status != ImageTaskStatus.Failed))
                || Has("statusurl", "responseurl", "cancelurl")));

    /// <summary>Whether a layer has more than the usual properties of a task.</summary>
    public bool HasUnknown() => All.Any(layer => Enumerable.Range(0, layer.Count).Any(i => layer.KeyAt(i) is var key
        && !UsualNames.Contains(key) && !ImageNames.CannotBeResult(key) && !Envelopes.Contains(key) && !key.EndsWithAny("at", "time")
        && HasValue(layer.ValueAt(i), ImageNames.IsOutput(key))));

    private static bool HasValue(JsonElement value, bool isOutput) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(property => HasValue(property.Value, isOutput)),
        JsonValueKind.Array => value.EnumerateArray().Any(item => HasValue(item, isOutput)),
        JsonValueKind.Number => isOutput,
        _ => false,
    };

    /// <summary>The answer of some gateways to a submission: <c>{"code":"success","data":"the id"}</c>.</summary>
    private string? DataId() =>
        Outermost?["data", "result"] is { ValueKind: JsonValueKind.String or JsonValueKind.Number } data
            && Outermost.Has("code", "success", "status", "msg", "message")
            && (ProviderErrors.IsPlaceholder(Outermost.Text("code")) || Outermost.Text("code") is "1" or "21" or "22")
            && data.AsText() is { Length: > 5 and <= 100 } text
            && text.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ':' or '.') && text.Any(char.IsDigit)
            ? text
            : null;

    private void Add(JsonElement element, int depth, List<Fields> layers, ref List<Fields>? containers)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            JsonElement first = default;
            foreach (JsonElement item in element.EnumerateArray())
            {
                first = item.Unwrapped();
                if (depth == 0 || LooksLikeTask(first))
                    break;
                first = default;
            }
            element = first;
        }
        if (element.ValueKind == JsonValueKind.Object && depth <= MaximumDepth)
            Add(new Fields(element), depth, layers, ref containers);
    }

    private void Add(Fields fields, int depth, List<Fields> layers, ref List<Fields>? containers)
    {
        if (depth == 0 && Root.ValueKind == JsonValueKind.Object)
            RootFields = fields;
        foreach (string name in Envelopes)
        {
            if (fields.Unwrapped(name) is { ValueKind: JsonValueKind.Array } list)
                Add(list, depth + 1, layers, ref containers);
            else if (depth < MaximumDepth && fields.Inner(name) is { } envelope)
                Add(envelope, depth + 1, layers, ref containers);
        }
        // The history of ComfyUI is an object with the id as its only name.
        if (depth == 0 && fields.Count == 1 && layers.Count == 0 && fields.ValueAt(0).ValueKind == JsonValueKind.Object
            && !Containers.Contains(fields.KeyAt(0)) && fields.KeyAt(0) != "error")
        {
            Add(fields.FieldsAt(0)!, depth + 1, layers, ref containers);
        }
        layers.Add(fields);
        foreach (string name in Containers)
        {
            if (depth < MaximumDepth && fields.Inner(name) is { } container)
                Add(container, depth + 1, containers ??= [], ref containers);
        }
    }

    private static bool LooksLikeTask(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && new Fields(item) is var f
        && (f.Text(TaskIdNames) is not null || StatusWordOf(f) is not null || f.Has("output", "outputs", "failreason")
            || (f.Has("id") && !Enumerable.Range(0, f.Count).Any(i => ImageNames.IsAddress(f.KeyAt(i)) || ImageNames.IsData(f.KeyAt(i)))));

    private static string? StatusWordOf(Fields layer)
    {
        string? word = layer.Text("status", "state", "taskstatus", "taskstate", "jobstatus", "jobstate", "phase", "runstatus",
            "successflag");
        if (word is not null)
            return word;
        JsonElement status = layer.Unwrapped("status", "state", "taskstatus");
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
