using System.Globalization;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Pictures;

/// <summary>The download host: pictures of completed tasks, without a key, whole or from some byte on.</summary>
internal sealed class PictureHandler(TaskStore tasks, FaultRunner faults, CounterBoard counters) : IHttpHandler
{
    private const string Prefix = "/files/";
    private const string Suffix = ".png";

    /// <summary>Where a task's picture is, as a path.</summary>
    public static string PathOf(ProviderTask task, int number) => FormattableString.Invariant($"{Prefix}{task.Id}/{number}{Suffix}");

    public static bool Owns(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken stopping)
    {
        if (request.Headers["Authorization"] is not null)
            counters.DownloadedWithAuthorization();
        if (!request.Is("GET"))
            return new ValueTask<HttpResponse>(Plain(405, "Only GET and HEAD work here.").With("Allow", "GET, HEAD"));

        var turn = faults.Begin(EmulatorOperation.Download, request, PartsOf(request.Path).TaskId);
        if (!request.IsHead)
            counters.Downloaded();
        return faults.RunAsync(turn, "", () => Answer(request), stopping);
    }

    private HttpResponse Answer(HttpRequest request)
    {
        (string id, int number) = PartsOf(request.Path);
        if (tasks.Find(id) is not { HasImage: true, IsOver: true } task || number >= task.Sizes.Count)
            return Plain(404, "There is no such file.");

        var picture = Picture.Of(task, number);
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
            return new HttpResponse(200).WithBody(picture.MediaType, picture.Parts, picture.Length);

        long last = part.Start + part.Count - 1;
        return new HttpResponse(206)
            .WithBody(picture.MediaType, picture.Slice(part.Start, part.Count), part.Count)
            .With("Content-Range", $"bytes {part.Start}-{last}/{picture.Length}");
    }

    /// <summary>The task and the picture that a path names; an empty id where it names none.</summary>
    private static (string TaskId, int Number) PartsOf(string path)
    {
        string[] parts = Owns(path) ? path.Substring(Prefix.Length).Split('/') : [];
        return parts is [string id, string file] && file.EndsWith(Suffix, StringComparison.Ordinal)
            && int.TryParse(file.Substring(0, file.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? (id, number)
            : ("", 0);
    }

    private static HttpResponse Plain(int status, string text) =>
        HttpResponse.Text(status, "text/plain; charset=utf-8", text);
}
