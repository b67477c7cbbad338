using System.Globalization;
using System.Net.Http.Headers;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Images;

/// <summary>The download host: images of completed tasks, without a key, whole or by range.</summary>
internal sealed class ImageHandler(TaskStore tasks, FaultRunner faults, CounterBoard counters)
{
    private const string Prefix = "/files/";
    private const string Suffix = ".png";

    /// <summary>The path of a task's image.</summary>
    public static string PathOf(ProviderTask task, int number) => FormattableString.Invariant($"{Prefix}{task.Id}/{number}{Suffix}");

    public static bool IsImagePath(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken stopping)
    {
        if (request.Headers["Authorization"] is not null)
            counters.Count(Counter.DownloadsWithAuthorization);
        if (!request.Is("GET"))
            return new ValueTask<HttpResponse>(HttpResponse.Text(405, "Only GET and HEAD work here.").With("Allow", "GET, HEAD"));

        var fault = faults.Take(EmulatorOperation.Download, request, PartsOf(request.Path).TaskId);
        if (!request.IsHead)
            counters.Count(Counter.Downloads);
        return faults.RunAsync(fault, "", () => Answer(request), stopping);
    }

    private HttpResponse Answer(HttpRequest request)
    {
        (string id, int number) = PartsOf(request.Path);
        if (tasks.Find(id) is not { HasImage: true, HasEnded: true } task || number >= task.Sizes.Count)
            return HttpResponse.Text(404, "There is no such file.");

        var image = Image.Of(task, number);
        string? condition = request.Headers["If-Range"];
        var range = condition is null || condition == image.EntityTag
            ? RangeOf(request.Headers["Range"], image.Length)
            : null;
        if (range is { Count: 0 })
            return HttpResponse.Text(416, "The range lies outside the file.").With("Content-Range", $"bytes */{image.Length}");

        if (!request.IsHead)
            task.CountDownload();
        return Send(image, range).With("ETag", image.EntityTag).With("Accept-Ranges", "bytes");
    }

    private static HttpResponse Send(Image image, (long Start, long Count)? range) => range is var (start, count)
        ? new HttpResponse(206)
            .WithBody(image.MediaType, image.Slice(start, count), count)
            .With("Content-Range", $"bytes {start}-{start + count - 1}/{image.Length}")
        : new HttpResponse(200).WithBody(image.MediaType, image.Parts, image.Length);

    /// <summary>The range of a Range header (RFC 9110, 14): first byte and number of bytes.</summary>
    /// <returns>
    /// Null if the whole file is sent: without a header, or with a form that a server can ignore.
    /// A count of 0 means that the range lies outside the file, which is 416.
    /// </returns>
    private static (long Start, long Count)? RangeOf(string? header, long length)
    {
        if (!RangeHeaderValue.TryParse(header, out var value)
            || !value.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || value.Ranges.Count != 1)
            return null;

        RangeItemHeaderValue range = value.Ranges.First();
        if (range.From is not { } start)
            return (Math.Max(0, length - range.To!.Value), Math.Min(range.To.Value, length));
        return start < length ? (start, Math.Min(range.To ?? length, length - 1) - start + 1) : (0, 0);
    }

    /// <summary>The task and the number of the image in a path. The id is empty if the path is not that of an image.</summary>
    private static (string TaskId, int Number) PartsOf(string path)
    {
        string[] parts = IsImagePath(path) ? path.Substring(Prefix.Length).Split('/') : [];
        return parts is [string id, string file] && file.EndsWith(Suffix, StringComparison.Ordinal)
            && int.TryParse(file.Substring(0, file.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? (id, number)
            : ("", 0);
    }
}
