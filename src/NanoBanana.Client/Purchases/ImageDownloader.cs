using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Images;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// Fetches images over connections that never carry the key, checks them, and gives them their name. A broken
/// download goes on where it broke when the server allows; a link that has expired is asked for anew once.
/// </summary>
internal sealed class ImageDownloader : IDisposable
{
    private readonly ImageFetch _fetch;
    private readonly HttpMessageInvoker _http;
    private readonly RetryLoop _retries;
    private readonly NanoBananaClientOptions _options;

    public ImageDownloader(HttpMessageHandler handler, DownloadGuard guard, NanoBananaClientOptions options, Func<double> random)
    {
        _options = options;
        _http = new HttpMessageInvoker(handler);
        _fetch = new ImageFetch(new DownloadRedirects(_http, guard), options);
        // A gate of its own: what a download host asks for says nothing of the API's limits.
        _retries = new RetryLoop(new RateGate(options.Time, "downloads"), options.Time, random, _ => false, options.MaximumRetryCount);
    }

    public async Task<SavedImage> SaveAsync(
        ImageTask task, int imageNumber, ImageTarget target, PurchaseFiles files, Func<ImageTask, Task<ImageTask>> refresh, IClientObserver observer, CancellationToken stop)
    {
        ImageOutput image = ImageOf(task, imageNumber);
        string likelyExtension = LikelyExtension(image);
        string likely = target.PathOf(task, imageNumber, likelyExtension);
        bool isBeside = files.IsOfAnotherRequest(task, target, likely);
        if (!isBeside)
            target.Expect(task, imageNumber, likely);
        IReadOnlyList<SavedFile> known = files.KnownOf(task, imageNumber);
        if (!isBeside && files.FindWhole(task, imageNumber, target, likely, known) is { } saved)
            return saved with { Path = target.Claim(task, imageNumber, saved.Path) };
        if (!target.Force && PurchaseFiles.FindSavedBefore(task, imageNumber, target, known) is { } before)
            return before.IsMoved ? before : before with { Path = target.ClaimKnown(task, imageNumber, before.Path) };
        if (!target.Force && PurchaseFiles.FindElsewhere(task, imageNumber, known) is { } elsewhere)
            return elsewhere;
        if (!isBeside)
            files.CheckFree(task, target, likely, image);
        files.BeginDownload();
        using PartFile part = await DownloadAsync(task, imageNumber, Path.GetDirectoryName(likely)!, target, refresh, observer, stop).ConfigureAwait(false);
        string extension = ImageFormat.ExtensionOf(part.Start)!;
        string path = extension == likelyExtension ? likely : target.PathOf(task, imageNumber, extension);
        isBeside = isBeside || files.IsOfAnotherRequest(task, target, path);
        path = isBeside ? target.ClaimBeside(task, imageNumber, extension) : target.Claim(task, imageNumber, path);
        return await PublishAsync(part, path, task, imageNumber, target, files, observer).ConfigureAwait(false);
    }

    /// <summary>
    /// Saves one image of a task under an exact name: the one of the size that was asked for, else the largest. Providers
    /// send a smaller one beside the one that was asked for, in either order, and most don't tell their sizes.
    /// </summary>
    public async Task<SavedImage> SaveBestAsync(
        ImageTask task, ImageTarget target, PurchaseFiles files, Func<ImageTask, Task<ImageTask>> refresh, IClientObserver observer, CancellationToken stop)
    {
        if (task.Image.Count < 2)
            return await SaveAsync(task, 0, target, files, refresh, observer, stop).ConfigureAwait(false);
        string path = target.Claim(task, 0, target.PathOf(task, 0, ""));
        IReadOnlyList<SavedFile>[] known = [.. Enumerable.Range(0, task.Image.Count).Select(number => files.KnownOf(task, number))];
        for (int number = 0; number < task.Image.Count; number++)
        {
            if (files.FindWhole(task, number, target, path, known[number]) is { } saved)
                return saved;
        }
        for (int number = 0; !target.Force && number < task.Image.Count; number++)
        {
            if (PurchaseFiles.FindElsewhere(task, number, known[number]) is { } elsewhere)
                return elsewhere;
        }
        files.CheckFree(task, target, path);
        files.BeginDownload();
        var choice = new ImageChoice(task);
        using IDisposable parts = choice;
        foreach (int number in choice.Order)
        {
            try
            {
                choice.Offer(number, await DownloadAsync(task, number, Path.GetDirectoryName(path)!, target, refresh, observer, stop).ConfigureAwait(false));
            }
            catch (NanoBananaException e)
            {
                choice.Miss(e);
            }
            if (choice.IsMade)
                break;
        }
        SavedImage best = await PublishAsync(choice.Best, path, task, choice.Number, target, files, observer).ConfigureAwait(false);
        observer.OnWarning(choice.Describe(best));
        return best;
    }

    /// <summary>An image as a part file, whole and of a known format.</summary>
    private async Task<PartFile> DownloadAsync(
        ImageTask task, int imageNumber, string directory, ImageTarget target, Func<ImageTask, Task<ImageTask>> refresh, IClientObserver observer, CancellationToken stop)
    {
        target.SweepOnce(directory, _options.Time);
        PartFile part = PartFile.CreateIn(directory, _options.OpenPart ?? PartFile.Open);
        try
        {
            ImageOutput image = ImageOf(task, imageNumber);
            var deadline = new Deadline(_options.Time, _options.OperationTimeout);
            Exchange exchange = await FetchAsync(task, image, part, deadline, observer, stop).ConfigureAwait(false);
            if (HasExpired(exchange))
            {
                image = ImageOf(await refresh(task).ConfigureAwait(false), imageNumber);
                part.Clear();
                exchange = await FetchAsync(task, image, part, deadline, observer, stop).ConfigureAwait(false);
            }
            if (!exchange.IsSuccess && exchange.Failure != ExchangeFailure.Garbage)
                throw NotFetched(task, exchange);
            if (ImageFormat.ExtensionOf(part.Start) is null)
                throw Error(NanoBananaErrorKind.NotAnImage, task, $"What was downloaded for task {task.Id} is not an image: {ImageFormat.Describe(part.Start)}. Nothing was saved; try again later with Save-NanoBananaImage.");
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    private static async Task<SavedImage> PublishAsync(
        PartFile part, string path, ImageTask task, int imageNumber, ImageTarget target, PurchaseFiles files, IClientObserver observer)
    {
        string extension = ImageFormat.ExtensionOf(part.Start)!;
        if (target.IsExact && !ImageFormat.Fits(path, extension))
            observer.OnWarning($"'{Path.GetFileName(path)}' holds a {extension.TrimStart('.').ToUpperInvariant()} image: the extension does not say what the file is.");
        var image = new SavedImage(path, task, imageNumber, part.Length, part.PixelSize, part.Seal());
        try
        {
            bool replace = files.CheckFree(task, target, path);
            // The journal knows the file before it has its name: after a crash in between it is recognised, not fetched again.
            await files.AnnounceAsync(image).ConfigureAwait(false);
            await part.PublishAsync(path, replace).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.FileExists && PurchaseFiles.IsThere(image))
        {
            // This very image: another save of the task was faster, in this command or in another process.
        }
        files.Confirm(image);
        return image;
    }

    public void Dispose() => _http.Dispose();

    private Task<Exchange> FetchAsync(ImageTask task, ImageOutput image, PartFile part, Deadline deadline, IClientObserver observer, CancellationToken stop) =>
        image.IsInline ? WriteAsync(task, image.Bytes, part) : FetchAsync(new FetchState(image.Url, part, deadline) { Task = task }, observer, stop);

    /// <summary>An image that came with the answer. After a restart the answer is gone, as a link that has expired.</summary>
    private async Task<Exchange> WriteAsync(ImageTask task, byte[]? bytes, PartFile part)
    {
        if (bytes is null)
            return new Exchange { Reply = new WireReply(410, []) };
        if (bytes.Length > _options.MaximumImageBytes)
            return new Exchange { Failure = ExchangeFailure.TooLarge };
        await part.AppendAsync(bytes, bytes.Length).ConfigureAwait(false);
        string? format = ImageFormat.ExtensionOf(part.Start);
        if (format is ".png" or ".webp" && !part.HasEnd)
            throw Error(NanoBananaErrorKind.NotAnImage, task, FormattableString.Invariant($"The image that came with the answer for task {task.Id} ends after {part.Length} bytes, without the end that its format marks. Nothing was saved; try again later with Save-NanoBananaImage."));
        return format is null ? new Exchange { Failure = ExchangeFailure.Garbage } : new Exchange { Reply = new WireReply(200, []) };
    }

    private Task<Exchange> FetchAsync(FetchState state, IClientObserver observer, CancellationToken stop) => _retries.RunAsync(
        (attempt, token) => _fetch.SendAsync(state, attempt, observer, token), RetryRules.MayReadAgain, state.Deadline, TimeSpan.Zero, observer, stop);

    /// <summary>Stores say in many ways that a link has expired: Amazon's and Azure's 403, Google's 400, others 401, 404 or 410.</summary>
    private static bool HasExpired(Exchange exchange) => exchange.Reply?.Status is 400 or 401 or 403 or 404 or 410;

    private static ImageOutput ImageOf(ImageTask task, int imageNumber) =>
        imageNumber < task.Image.Count
            ? task.Image[imageNumber]
            : throw Error(NanoBananaErrorKind.NoImage, task, task.Text is null
                ? $"Task {task.Id} completed without an image."
                : $"Task {task.Id} completed without an image. The model says: {TextSafety.Excerpt(task.Text, 300)}");

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
            ExchangeFailure.TooLarge => $"it is larger than {_options.MaximumImageBytes} bytes. If that is right, connect with a larger -MaximumImageSize",
            ExchangeFailure.Forbidden => exchange.Cause!.Message,
            ExchangeFailure.Timeout => "it came too slowly, or not at all",
            _ => ExchangeErrors.Describe(exchange),
        };
        return Error(NanoBananaErrorKind.DownloadFailed, task, $"The image of task {task.Id} could not be downloaded: {why}. The task is paid for and its link lives about a day: try again with Save-NanoBananaImage -Id {task.Id}.", exchange);
    }

    private static NanoBananaException Error(NanoBananaErrorKind kind, ImageTask task, string message, Exchange? exchange = null) =>
        new(kind, message, exchange?.Cause) { TaskId = task.Id, Task = task, StatusCode = exchange?.Reply?.Status, RequestId = exchange?.Reply?.RequestId };
}
