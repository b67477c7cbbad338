using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>Tokens, cost and times of an answer, under the names that gateways give them.</summary>
internal sealed class AnswerNumbers
{
    public AnswerNumbers(AnswerLayers layers)
    {
        Fields? usage = FieldsOf(layers.Get("usage", "usagemetadata", "tokenusage", "tokens"));
        Fields? metadata = FieldsOf(layers.Get("metadata"));
        JsonElement Number(params string[] names) => usage?[names] is { ValueKind: not JsonValueKind.Undefined } value ? value : layers.Get(names);
        PromptTokens = Number("prompttokens", "inputtokens", "prompttokencount").AsInteger();
        CompletionTokens = Number("completiontokens", "outputtokens", "candidatestokencount", "completiontokencount").AsInteger();
        TotalTokens = Number("totaltokens", "totaltokencount").AsInteger() ?? PromptTokens + CompletionTokens;
        Cost = Number("cost", "totalcost", "actualcost", "price", "amount").AsDecimal();
        CreatedAt = TimeOf(layers, metadata, "createdat", "createtime", "created", "createdtime", "submittime", "submittedat", "inqueueat");
        CompletedAt = TimeOf(layers, metadata, "completedat", "completetime", "completedtime", "finishtime", "finishedat", "endtime", "endedat");
    }

    public long? PromptTokens { get; }
    public long? CompletionTokens { get; }
    public long? TotalTokens { get; }
    public decimal? Cost { get; }
    public DateTimeOffset? CreatedAt { get; }
    public DateTimeOffset? CompletedAt { get; }

    private static DateTimeOffset? TimeOf(AnswerLayers layers, Fields? metadata, params string[] names) =>
        names.Select(name => layers.Get(name).AsTime()).FirstOrDefault(time => time is not null)
        ?? names.Select(name => metadata?[name].AsTime()).FirstOrDefault(time => time is not null);

    private static Fields? FieldsOf(JsonElement element) => element.Opened() is { ValueKind: JsonValueKind.Object } value ? new Fields(value) : null;
}
