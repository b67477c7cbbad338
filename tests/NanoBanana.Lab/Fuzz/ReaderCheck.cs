using NanoBanana.Client;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Lab.Fuzz;

/// <summary>
/// Hands a body to everything that reads answers. Only <see cref="NanoBananaException"/> may come out, and what is read must
/// be what the rest of the module relies on.
/// </summary>
internal static class ReaderCheck
{
    private static readonly ImageTask Known = new() { Id = "d758", Status = ImageTaskStatus.Running, Prompt = "a red fox" };
    private static readonly FileNameTemplate Names = FileNameTemplate.Parse("{batch}/{name}-{id}");

    /// <exception cref="LabException">A promise is broken.</exception>
    public static void Run(IWireDialect dialect, byte[] body)
    {
        Guarded("ReadPolled", () => Check(dialect.ReadPolled(new WireReply(200, body))));
        if (dialect.Result("d758", null) is not null)
            Guarded("ReadResult", () => Check(dialect.ReadResult(new WireReply(200, body))));
        Guarded("ReadSubmitted", () => Check(dialect.ReadSubmitted(new WireReply(200, body))));
        Guarded("HttpErrorBody", () =>
        {
            var reply = new WireReply(400, body);
            (string? code, string? message, string? requestId) = HttpErrorBody.Read(reply);
            Harmless(code, message, requestId, HttpErrorBody.Describe(reply));
        });
        Guarded("BodyText", () => Harmless(new BodyText(body).ToString()));
    }

    private static void Check(TaskReading reading)
    {
        Harmless(reading.Id, reading.RawStatus, reading.Model, reading.Text, reading.RequestId, reading.Error?.ToString());
        Require(reading.Image.All(image => image.Url.Scheme is "http" or "https") && reading.TextUrl?.Scheme is null or "http" or "https", "an address is not http");
        Require(reading.Image.All(image => image is { Width: null or > 0, Height: null or > 0 }), "an image without size");
        Require((reading.PromptTokens ?? 0) >= 0 && (reading.CompletionTokens ?? 0) >= 0 && (reading.TotalTokens ?? 0) >= 0, "negative tokens");
        Require(reading.Progress is null or (>= 0 and <= 1), "progress is no share");
        foreach (ImageOutput image in reading.Image.Take(3))
            Harmless(image.Id, image.ContentType, image.FileName, image.ToString());
        ImageTask task = reading.Renew(Known, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(5)) with { Id = TaskIds.IsUsable(reading.Id) ? reading.Id! : Known.Id };
        Require(task.Elapsed >= TimeSpan.Zero, "it ended before it began");
        string kept = TaskSnapshot.Write(task);
        Require(TaskSnapshot.Write(TaskSnapshot.Read(kept)) == kept, "the journal reads something else than it wrote");
        Require(!Path.GetFullPath(Path.Combine("/d", Names.Expand(task, 0))).Split('/').Contains(".."), "a name leaves its folder");
    }

    private static void Harmless(params string?[] texts)
    {
        foreach (string? text in texts)
            Require(text is null || TextSafety.Clean(text) == text, "a text can move a terminal");
    }

    private static void Require(bool holds, string broken)
    {
        if (!holds)
            throw new LabException(broken);
    }

    private static void Guarded(string what, Action read)
    {
        try
        {
            read();
        }
        catch (NanoBananaException e)
        {
            Harmless(e.Message, e.ProviderCode, e.RequestId);
        }
        catch (Exception e) when (e is not LabException)
        {
            throw new LabException($"{what} let out {e}");
        }
    }
}
