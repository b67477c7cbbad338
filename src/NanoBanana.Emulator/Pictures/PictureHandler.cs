using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Pictures;

/// <summary>The download host: pictures of completed tasks, without a key, whole or from some byte on.</summary>
internal sealed class PictureHandler(TaskStore tasks, FaultRunner faults, CounterBoard counters) : IHttpHandler
{
    private const string Prefix = "/files/";
    private const string Suffix = "/0.png";

    /// <summary>Where a task's picture is, as a path.</summary>
    public static string PathOf(ProviderTask task) => Prefix + task.Id + Suffix;

    public static bool Owns(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken stopping)
    {
        if (request.Headers["Authorization"] is not null)
            counters.DownloadedWithAuthorization();
        if (!request.Is("GET"))
            return new ValueTask<HttpResponse>(Plain(405, "Only GET and HEAD work here.").With("Allow", "GET, HEAD"));

        var turn = faults.Begin(EmulatorOperation.Download, request, TaskIdOf(request.Path));
        if (!request.IsHead)
            counters.Downloaded();
        return faults.RunAsync(turn, "", () => Answer(request), stopping);
    }

    private HttpResponse Answer(HttpRequest request)
    {
        if (tasks.Find(TaskIdOf(request.Path)) is not { HasImage: true, IsOver: true } task)
            return Plain(404, "There is no such file.");

        var picture = Picture.Of(task);
        string? condition = request.Headers["If-Range"];
        var range = condition is null || condition == picture.EntityTag
            ? ByteRange.Parse(request.Headers["Range"], picture.Length)
            : null;
        if (range is { Count: 0 })
            return Plain(416, "The range lies outside the file.").With("Content-Range", $"bytes */{picture.Length}");

        if (!request.IsHead)
            task.Downloaded();
        return Send(picture, range).With("ETag", picture.EntityTag).With("Accept-Ranges", "bytes");
    }

    private static HttpResponse Send(Picture picture, ByteRange? range)
    {
        if (range is not { } part)
            return new HttpResponse(200).WithBody("image/png", picture.Parts, picture.Length);

        long last = part.Start + part.Count - 1;
        return new HttpResponse(206)
            .WithBody("image/png", picture.Slice(part.Start, part.Count), part.Count)
            .With("Content-Range", $"bytes {part.Start}-{last}/{picture.Length}");
    }

    private static string TaskIdOf(string path)
    {
        int length = path.Length - Prefix.Length - Suffix.Length;
        return Owns(path) && length > 0 && path.EndsWith(Suffix, StringComparison.Ordinal)
            ? path.Substring(Prefix.Length, length)
            : "";
    }

    private static HttpResponse Plain(int status, string text) =>
        HttpResponse.Text(status, "text/plain; charset=utf-8", text);
}
