using NanoBanana.Client;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Lab.Fuzz;

/// <summary>
/// Passes a body to all readers of answers. They may throw only <see cref="NanoBananaException"/>, and their results must have the
/// properties that the rest of the module relies on.
/// </summary>
internal static class ReaderCheck
{
    private static readonly ImageTask Known = new() { Id = "d758", Status = ImageTaskStatus.Running, Prompt = "a red fox" };
    private static readonly FileNameTemplate Names = FileNameTemplate.Parse("{batch}/{name}-{id}");

    /// <exception cref="LabException">A promise is broken.</exception>
    public static void Run(IWireDialect dialect, byte[] body)
    {
        CheckErrors("ReadPolled", () => Check(dialect.ReadPolled(new WireReply(200, body))));
        if (dialect.Result("d758", null) is not null)
            CheckErrors("ReadResult", () => Check(dialect.ReadResult(new WireReply(200, body))));
        CheckErrors("ReadSubmitted", () => Check(dialect.ReadSubmitted(new WireReply(200, body))));
        CheckErrors("HttpErrorBody", () =>
        {
            var reply = new WireReply(400, body);
            (string? code, string? message, string? requestId) = HttpErrorBody.Read(reply);
            CheckClean(code, message, requestId, HttpErrorBody.Describe(reply));
        });
        CheckErrors("BodyText", () => CheckClean(new BodyText(body).ToString()));
    }

    private static void Check(TaskReading reading)
    {
        CheckClean(reading.Id, reading.RawStatus, reading.Model, reading.Text, reading.RequestId, reading.Error?.ToString());
        Require(
            reading.Image.All(image => image.Url.Scheme is "http" or "https") && reading.TextUrl?.Scheme is null or "http" or "https",
            "an address is not http");
        Require(reading.Image.All(image => image is { Width: null or > 0, Height: null or > 0 }), "an image has no size");
        Require(
            (reading.PromptTokens ?? 0) >= 0 && (reading.CompletionTokens ?? 0) >= 0 && (reading.TotalTokens ?? 0) >= 0,
            "a number of tokens is negative");
        Require(reading.Progress is null or (>= 0 and <= 1), "the progress is not from 0 to 1");
        foreach (ImageOutput image in reading.Image.Take(3))
            CheckClean(image.Id, image.ContentType, image.FileName, image.ToString());
        string id = TaskIds.IsUsable(reading.Id) ? reading.Id! : Known.Id;
        ImageTask task = reading.ToSnapshot(Known, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(5)) with { Id = id };
        Require(task.Elapsed >= TimeSpan.Zero, "a task ended before its start");
        string stored = TaskSnapshot.Write(task);
        Require(TaskSnapshot.Write(TaskSnapshot.Read(stored)) == stored, "the journal does not read what it wrote");
        Require(
            !Path.GetFullPath(Path.Combine("/d", Names.Expand(task, 0))).Split('/').Contains(".."), "a name is outside its folder");
    }

    private static void CheckClean(params string?[] texts)
    {
        foreach (string? text in texts)
            Require(text is null || TextSafety.Clean(text) == text, "a text contains control characters");
    }

    private static void Require(bool condition, string broken)
    {
        if (!condition)
            throw new LabException(broken);
    }

    private static void CheckErrors(string what, Action read)
    {
        try
        {
            read();
        }
        catch (NanoBananaException e)
        {
            CheckClean(e.Message, e.ProviderCode, e.RequestId);
        }
        catch (Exception e) when (e is not LabException)
        {
            throw new LabException($"{what} threw {e}");
        }
    }
}
