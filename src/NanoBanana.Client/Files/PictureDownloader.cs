using NanoBanana.Client.Http;

namespace NanoBanana.Client.Files;

/// <summary>
/// Fetches pictures over connections that never carry the key, checks them, and gives them their name. A broken
/// download goes on where it broke when the server allows; a link that has expired is asked for anew once.
/// </summary>
internal sealed class PictureDownloader : IDisposable
{
    private readonly PictureFetch _fetch;
    private readonly HttpMessageInvoker _http;
    private readonly RetryPipeline _retries;
    private readonly NanoBananaClientOptions _options;
    private readonly SaveRecord _record;

    public PictureDownloader(HttpMessageHandler handler, NanoBananaClientOptions options, Func<double> random)
    {
        _options = options;
        _record = new SaveRecord(options.Journal);
        _http = new HttpMessageInvoker(handler);
        _fetch = new PictureFetch(_http, options);
        // A gate of its own: what a download host asks for says nothing of the API's limits.
        _retries = new RetryPipeline(new RateGate(options.Time), options.Time, random, options.MaximumRetryCount);
    }

    public async Task<SavedPicture> SaveAsync(
        ImageTask task, int imageNumber, PictureTarget target, Func<ImageTask, Task<ImageTask>> refresh, IClientObserver observer, CancellationToken stop)
    {
        ImageOutput image = ImageOf(task, imageNumber);
        string likelyExtension = LikelyExtension(image);
        string likely = target.Claim(task, imageNumber, likelyExtension);
        if (_record.FindWhole(task, imageNumber, target, likely, observer) is { } saved)
            return saved;
        _record.CheckFree(task, target, likely, observer);
        string directory = Path.GetDirectoryName(likely)!;
        target.SweepOnce(directory, _options.Time);
        using PartFile part = PartFile.CreateIn(directory, _options.OpenPart);
        var deadline = new Deadline(_options.Time, _options.OperationTimeout);
        Exchange exchange = await FetchAsync(new FetchState(image.Url, part, deadline), observer, stop).ConfigureAwait(false);
        if (HasExpired(exchange))
        {
            image = ImageOf(await refresh(task).ConfigureAwait(false), imageNumber);
            part.Clear();
            exchange = await FetchAsync(new FetchState(image.Url, part, deadline), observer, stop).ConfigureAwait(false);
        }
        if (!exchange.IsSuccess && exchange.Failure != ExchangeFailure.Garbage)
            throw NotFetched(task, exchange);
        string extension = PictureFormat.ExtensionOf(part.Start)
            ?? throw Error(NanoBananaErrorKind.NotAnImage, task, $"What was downloaded for task {task.Id} is not a picture: {PictureFormat.Describe(part.Start)}. Nothing was saved; try again later with Save-NanoBananaImage.");
        string path = extension == likelyExtension ? likely : target.Claim(task, imageNumber, extension);
        if (target.IsExact && !PictureFormat.Fits(path, extension))
            observer.OnWarning($"'{Path.GetFileName(path)}' holds a {extension.TrimStart('.').ToUpperInvariant()} picture: the extension does not say what the file is.");
        var picture = new SavedPicture(path, task, imageNumber, part.Length, part.PixelSize, part.Seal());
        try
        {
            bool replace = _record.CheckFree(task, target, path, observer);
            // The journal knows the file before it has its name: after a crash in between it is recognised, not fetched again.
            await _record.AnnounceAsync(picture, observer).ConfigureAwait(false);
            part.Publish(path, replace);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.FileExists && SaveRecord.IsThere(picture))
        {
            // This very picture: another save of the task was faster, in this command or in another process.
        }
        _record.Confirm(picture, observer);
        return picture;
    }

    /// <inheritdoc cref="SaveRecord.Describe"/>
    public void Describe(SavedPicture picture, PictureTarget target, IClientObserver observer) =>
        _record.Describe(picture, target, _options.Time.GetUtcNow(), observer);

    public void Dispose() => _http.Dispose();

    private Task<Exchange> FetchAsync(FetchState state, IClientObserver observer, CancellationToken stop) => _retries.RunAsync(
        new RetryRun((attempt, token) => _fetch.SendAsync(state, attempt, observer, token), RetryRules.MayReadAgain, state.Deadline), stop);

    /// <summary>Stores say in many ways that a link has expired: Amazon's and Azure's 403, Google's 400, others 401, 404 or 410.</summary>
    private static bool HasExpired(Exchange exchange) => exchange.Reply?.Status is 400 or 401 or 403 or 404 or 410;

    private static ImageOutput ImageOf(ImageTask task, int imageNumber) =>
        imageNumber < task.Image.Count
            ? task.Image[imageNumber]
            : throw Error(NanoBananaErrorKind.NoImage, task, task.Text is null
                ? $"Task {task.Id} completed without a picture."
                : $"Task {task.Id} completed without a picture. The model says: {TextSafety.Excerpt(task.Text, 300)}");

    /// <summary>A guess that finds an existing file before the download, not after it; the bytes decide in the end.</summary>
    private static string LikelyExtension(ImageOutput image) => image.ContentType switch
    {
        "image/jpeg" => ".jpg",
        "image/webp" => ".webp",
        _ => ".png",
    };

    private NanoBananaException NotFetched(ImageTask task, Exchange exchange)
    {
        string why = exchange.Failure switch
        {
            ExchangeFailure.TooLarge => $"it is larger than {_options.MaximumPictureBytes} bytes. If that is right, connect with a larger -MaximumPictureSize",
            ExchangeFailure.Timeout => "it came too slowly, or not at all",
            _ => ExchangeErrors.Describe(exchange),
        };
        return Error(NanoBananaErrorKind.DownloadFailed, task, $"The picture of task {task.Id} could not be downloaded: {why}. The task is paid for and its link lives about a day: try again with Save-NanoBananaImage -Id {task.Id}.", exchange);
    }

    private static NanoBananaException Error(NanoBananaErrorKind kind, ImageTask task, string message, Exchange? exchange = null) =>
        new(kind, message, exchange?.Cause) { TaskId = task.Id, Task = task, StatusCode = exchange?.Reply?.Status, RequestId = exchange?.Reply?.RequestId };
}
