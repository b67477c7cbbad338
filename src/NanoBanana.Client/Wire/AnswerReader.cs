using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// Reads the answers of both dialects, by principles: images complete a task, a reason of an error ends a failed one, and an answer that
/// reports a completed task with an unknown output is an error. See decision 0017.
/// </summary>
internal static class AnswerReader
{
    /// <summary>Reads the answer to a submission.</summary>
    public static TaskReading ReadSubmitted(WireReply reply, ApiProtocol protocol)
    {
        if (ImageText.IsImage(reply.Body))
            return TaskReading.OfImage(reply);
        using AnswerLayers layers = reply.ReadLayers();
        FoundOutputs found = ImageFinder.Search(layers, reply);
        string? id = layers.IdOf(protocol);
        bool isFailed = layers.Status == ImageTaskStatus.Failed;
        ImageTaskError? error = ProviderErrors.Read(layers, isError: false);
        // A plain message without an id is a rejection, unless it reports success.
        ImageTaskError? plain = id is null && (isFailed || layers.Status is null) ? ProviderErrors.Read(layers, isError: true) : null;
        if (!isFailed && plain is not null && StatusWords.Of(plain.Message) is not null and not ImageTaskStatus.Failed)
            plain = null;
        // If there is an id, an address may be the address of the task.
        bool hasImages = error is null && !isFailed && (found.HasResults || (found.IsCertain && id is null && plain is null));
        if (hasImages || (id is not null && (layers.NamesTask(protocol) || (error is null && !isFailed))))
        {
            TaskReading reading = Make(layers, found, reply, protocol, isResult: false);
            // A submission is accepted and not completed, unless the answer has images. Otherwise the task is polled.
            return hasImages ? reading with { Status = ImageTaskStatus.Completed } : reading with { Image = [], Error = null };
        }
        error ??= plain ?? ProviderErrors.ReadOutputs(layers);
        throw error is not null ? reply.ToRejection(layers, error)
            : isFailed ? reply.ToRejection(layers, ProviderErrors.OfStatus(layers.StatusWord))
            : reply.ToInvalidAnswer(Messages.NoId);
    }

    /// <summary>Reads the answer to a poll or a request for a result.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="protocol">The dialect.</param>
    /// <param name="isResult">Whether the task is known to be completed, so the answer needs no status.</param>
    /// <param name="isFinal">
    /// Whether there is no other request for the images. Then a completed task without images must have a reason.
    /// </param>
    public static TaskReading ReadTask(WireReply reply, ApiProtocol protocol, bool isResult, bool isFinal)
    {
        if (ImageText.IsImage(reply.Body))
            return TaskReading.OfImage(reply);
        using AnswerLayers layers = reply.ReadLayers();
        FoundOutputs found = ImageFinder.Search(layers, reply);
        TaskReading reading = Make(layers, found, reply, protocol, isResult);
        if (reading.Status == ImageTaskStatus.Completed && isFinal && reading.Image.Count == 0)
            CheckUnderstood(reading, layers, found, reply);
        return reading;
    }

    /// <summary>Whether an answer has a list of outputs, which may be empty.</summary>
    public static bool HasOutput(WireReply reply)
    {
        using AnswerLayers? layers = AnswerLayers.Of(reply);
        return layers?.All.Any(layer => layer["output", "outputs", "images"].ValueKind == JsonValueKind.Array) == true;
    }

    private static TaskReading Make(AnswerLayers layers, FoundOutputs found, WireReply reply, ApiProtocol protocol, bool isResult)
    {
        string? word = layers.StatusWord;
        ImageTaskStatus? reported = layers.Status;
        double? progress = layers.Get("progress", "percentage", "percent", "progresspercent").AsFraction();
        ImageTaskError? error = ProviderErrors.Read(layers, isError: reported == ImageTaskStatus.Failed);
        if (error is null && found.Images.Count == 0 && found.Text is null && found.FinishReason is { } reason)
            error = ProviderErrors.OfReason(reason, found.FinishMessage);
        if (error is null && found.Images.Count == 0)
            error = ProviderErrors.ReadOutputs(layers);
        bool mayHaveEnded = reported is null or ImageTaskStatus.Completed || isResult;
        bool hasImages = found.Images.Count > 0
            && (reported == ImageTaskStatus.Completed || isResult
                || (found.IsCertain && !(reported is ImageTaskStatus.Running or ImageTaskStatus.Pending && progress < 1)));
        bool isTransient = error is not null && word is null && !isResult && ErrorCodes.IsTransient(error);
        bool IsOfTask() => reported is not null || isResult || word is not null || layers.NamesTask(protocol)
            || layers.Get("errortype", "finishreason").AsText() is not null || found.FinishReason is not null;
        ImageTaskStatus status = reported switch
        {
            ImageTaskStatus.Canceled => hasImages && found.IsCertain ? ImageTaskStatus.Completed : ImageTaskStatus.Canceled,
            ImageTaskStatus.Failed => hasImages && found.HasResults && error is null ? ImageTaskStatus.Completed : ImageTaskStatus.Failed,
            _ when hasImages => ImageTaskStatus.Completed,
            ImageTaskStatus.Running or ImageTaskStatus.Pending => reported.Value,
            _ when isTransient => ImageTaskStatus.Unknown,
            _ when error is not null && mayHaveEnded && IsOfTask() => ImageTaskStatus.Failed,
            ImageTaskStatus.Completed => ImageTaskStatus.Completed,
            _ when word is not null => ImageTaskStatus.Running,
            _ when found.Text is not null && (isResult || layers.Has("output", "outputs", "candidates", "choices"))
                => ImageTaskStatus.Completed,
            _ when isResult && layers.Has("output", "outputs", "images", "data", "result", "results") => ImageTaskStatus.Completed,
            _ when protocol == ApiProtocol.Queue && layers.Get("queueposition").AsNumber() is not null => ImageTaskStatus.Pending,
            _ => ImageTaskStatus.Unknown,
        };
        if (status is ImageTaskStatus.Failed or ImageTaskStatus.Completed && error is not null && IsCanceled(error) && !hasImages)
            status = ImageTaskStatus.Canceled;
        if (status == ImageTaskStatus.Unknown && error is not null)
            throw reply.ToInvalidAnswer(Messages.NoStatusButError(TextSafety.Excerpt(error.ToString(), 200)));
        Fields? usage = layers.Inner("usage", "usagemetadata", "tokenusage", "tokens");
        Fields? metadata = layers.Inner("metadata");
        long? promptTokens = Number(layers, usage, "prompttokens", "inputtokens", "prompttokencount").AsInteger();
        long? completionTokens =
            Number(layers, usage, "completiontokens", "outputtokens", "candidatestokencount", "completiontokencount").AsInteger();
        return new TaskReading
        {
            Id = layers.IdOf(protocol),
            RawStatus = word ?? (isResult && status == ImageTaskStatus.Completed ? "COMPLETED" : null),
            Status = status,
            IsKnownStatus = reported is not null || word is null or "0" or "1"
                || status is ImageTaskStatus.Completed or ImageTaskStatus.Failed,
            HasErrorType = layers.Text("errortype") is not null,
            Model = layers.Text("model", "modelid", "modelname"),
            CreatedAt = TimeOf(
                layers, metadata, "createdat", "createtime", "created", "createdtime", "submittime", "submittedat", "inqueueat"),
            CompletedAt = TimeOf(
                layers, metadata, "completedat", "completetime", "completedtime", "finishtime", "finishedat", "endtime", "endedat"),
            Progress = progress,
            QueuePosition = layers.Get("queueposition", "position").AsInteger() is { } position and <= int.MaxValue ? (int)position : null,
            Image = status == ImageTaskStatus.Completed ? found.Images : [],
            Text = found.Text
                ?? (status == ImageTaskStatus.Completed && found.Images.Count == 0 ? layers.Text("text", "outputtext") : null),
            TextUrl = found.TextUrl,
            PromptTokens = promptTokens,
            CompletionTokens = completionTokens,
            TotalTokens = Number(layers, usage, "totaltokens", "totaltokencount").AsInteger() ?? promptTokens + completionTokens,
            Cost = Number(layers, usage, "cost", "totalcost", "actualcost", "price", "amount").AsDecimal(),
            Error = status == ImageTaskStatus.Failed ? error ?? ProviderErrors.OfStatus(word, found.Text) : null,
            Metadata = layers.Get("metadata").AsDictionary(),
            // In the queue dialect, the request_id of the root is the id of the task and not of this request.
            RequestId = (protocol == ApiProtocol.Generation ? layers.Text("requestid") : null) ?? reply.RequestId,
        };
    }

    /// <summary>A number of the usage, or of the answer, under the names that gateways use.</summary>
    private static JsonElement Number(AnswerLayers layers, Fields? usage, params ReadOnlySpan<string> names) =>
        usage is not null && usage[names] is { ValueKind: not JsonValueKind.Undefined } value ? value : layers.Get(names);

    private static DateTimeOffset? TimeOf(AnswerLayers layers, Fields? metadata, params ReadOnlySpan<string> names)
    {
        DateTimeOffset? time = null;
        foreach (string name in names)
            time ??= layers.Get(name).AsTime();
        foreach (string name in names)
            time ??= metadata?[name].AsTime();
        return time;
    }

    private static void CheckUnderstood(TaskReading reading, AnswerLayers layers, FoundOutputs found, WireReply reply)
    {
        bool hasUnknown = found.HasBrokenImage
            || (reading.Text is null && reading.TextUrl is null && (found.HasUnknown || layers.HasUnknown()));
        if (!hasUnknown)
            return;
        string beginning = reply.Beginning();
        throw new NanoBananaException(
            NanoBananaErrorKind.InvalidResponse,
            Messages.OutputUnknown(TextSafety.Excerpt(beginning, 120)))
        {
            StatusCode = reply.Status,
            RequestId = reply.RequestId,
            AnswerBeginning = beginning,
            IsOutputNotUnderstood = true,
        };
    }

    private static bool IsCanceled(ImageTaskError error) => error.Code?.IndexOf("CANCEL", StringComparison.OrdinalIgnoreCase) >= 0;
}
