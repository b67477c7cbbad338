using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Images;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// Downloads images over connections that never carry the key, checks them, and renames them to their final name. An interrupted download
/// resumes if the server supports it. If a link has expired, the task is polled once for a new link.
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
        // Its own gate, because the pauses of a download host do not apply to the API.
        _retries = new RetryLoop(new RateGate(options.Time, "downloads"), options.Time, random, _ => false, options.MaximumRetryCount);
    }

    public async Task<SavedImage> SaveAsync(
        ImageTask task, int imageNumber, ImageTarget target, PurchaseFiles files, Func<ImageTask, Task<ImageTask>> refresh,
        IClientObserver observer, CancellationToken stop)
    {
        ImageOutput image = ImageOf(task, imageNumber);
        string likelyExtension = LikelyExtension(image);
        string likely = target.PathOf(task, imageNumber, likelyExtension);
        bool isNameTaken = files.IsOfAnotherRequest(task, target, likely);
        if (!isNameTaken)
            target.CheckLikelyPath(task, imageNumber, likely);
        IReadOnlyList<SavedFile> known = files.RecordedFiles(task, imageNumber);
        if (!isNameTaken && files.FindComplete(task, imageNumber, target, likely, known) is { } saved)
            return saved with { Path = target.Claim(task, imageNumber, saved.Path) };
        if (!target.Force && PurchaseFiles.FindSavedBefore(task, imageNumber, target, known) is { } before)
            return before.IsMoved ? before : before with { Path = target.ClaimKnown(task, imageNumber, before.Path) };
        if (!target.Force && PurchaseFiles.FindOnOtherMachine(task, imageNumber, known) is { } elsewhere)
            return elsewhere;
        if (!isNameTaken)
            files.CheckFree(task, target, likely, image);
        files.LeaseForDownload();
        using PartFile part = await DownloadAsync(
            task, imageNumber, Path.GetDirectoryName(likely)!, target, refresh, observer, stop).ConfigureAwait(false);
        string extension = ImageFormat.ExtensionOf(part.Start)!;
        string path = extension == likelyExtension ? likely : target.PathOf(task, imageNumber, extension);
        isNameTaken = isNameTaken || files.IsOfAnotherRequest(task, target, path);
        path = isNameTaken ? target.ClaimWithId(task, imageNumber, extension) : target.Claim(task, imageNumber, path);
        return await PublishAsync(part, path, task, imageNumber, target, files, observer).ConfigureAwait(false);
    }

    /// <summary>
    /// Saves one image of a task under an exact name: the image with the requested size, or else the largest. Providers can add a smaller
    /// image to the requested one, in either order, and usually without the sizes.
    /// </summary>
    public async Task<SavedImage> SaveBestAsync(
        ImageTask task, ImageTarget target, PurchaseFiles files, Func<ImageTask, Task<ImageTask>> refresh, IClientObserver observer,
        CancellationToken stop)
    {
        if (task.Image.Count < 2)
            return await SaveAsync(task, 0, target, files, refresh, observer, stop).ConfigureAwait(false);
        string path = target.Claim(task, 0, target.PathOf(task, 0, ""));
        IReadOnlyList<SavedFile>[] known = [.. Enumerable.Range(0, task.Image.Count).Select(number => files.RecordedFiles(task, number))];
        for (int number = 0; number < task.Image.Count; number++)
        {
            if (files.FindComplete(task, number, target, path, known[number]) is { } saved)
                return saved;
        }
        for (int number = 0; !target.Force && number < task.Image.Count; number++)
        {
            if (PurchaseFiles.FindOnOtherMachine(task, number, known[number]) is { } elsewhere)
                return elsewhere;
        }
        files.CheckFree(task, target, path);
        files.LeaseForDownload();
        var choice = new ImageChoice(task);
        using IDisposable parts = choice;
        foreach (int number in choice.Order)
        {
            try
            {
                choice.Add(number, await DownloadAsync(
                    task, number, Path.GetDirectoryName(path)!, target, refresh, observer, stop).ConfigureAwait(false));
            }
            catch (NanoBananaException e)
            {
                choice.RecordFailure(e);
            }
            if (choice.IsFinal)
                break;
        }
        SavedImage best = await PublishAsync(choice.Best, path, task, choice.Number, target, files, observer).ConfigureAwait(false);
        observer.OnWarning(choice.Describe(best));
        return best;
    }

    /// <summary>Downloads an image into a part file, and checks that it is complete and has a known format.</summary>
    private async Task<PartFile> DownloadAsync(
        ImageTask task, int imageNumber, string directory, ImageTarget target, Func<ImageTask, Task<ImageTask>> refresh,
        IClientObserver observer, CancellationToken stop)
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
                throw NotDownloaded(task, exchange);
            if (ImageFormat.ExtensionOf(part.Start) is null)
                throw Error(NanoBananaErrorKind.NotAnImage, task, Messages.DownloadIsNotImage(task.Id, ImageFormat.Describe(part.Start)));
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
            observer.OnWarning(Messages.ExtensionDiffers(Path.GetFileName(path), extension.TrimStart('.').ToUpperInvariant()));
        var image = new SavedImage(path, task, imageNumber, part.Length, part.PixelSize, part.Seal());
        try
        {
            bool replace = files.CheckFree(task, target, path);
            // The journal records the file before the rename. If the process crashes in between, the file is recognized and not downloaded
            // again.
            await files.RecordBeforeRenameAsync(image).ConfigureAwait(false);
            await part.PublishAsync(path, replace).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.FileExists && PurchaseFiles.IsSaved(image))
        {
            // Another save of the same task, in this command or another process, has written the same image.
        }
        files.RecordAfterRename(image);
        return image;
    }

    public void Dispose() => _http.Dispose();

    private Task<Exchange> FetchAsync(
        ImageTask task, ImageOutput image, PartFile part, Deadline deadline, IClientObserver observer, CancellationToken stop) =>
        image.IsInline
            ? WriteAsync(task, image.Bytes, part)
            : FetchAsync(new FetchState(image.Url, part, deadline) { Task = task }, observer, stop);

    /// <summary>Writes an image that was in the answer. After a restart its bytes are lost, like the target of an expired link.</summary>
    private async Task<Exchange> WriteAsync(ImageTask task, byte[]? bytes, PartFile part)
    {
        if (bytes is null)
            return new Exchange { Reply = new WireReply(410, []) };
        if (bytes.Length > _options.MaximumImageBytes)
            return new Exchange { Failure = ExchangeFailure.TooLarge };
        await part.AppendAsync(bytes, bytes.Length).ConfigureAwait(false);
        string? format = ImageFormat.ExtensionOf(part.Start);
        if (format is ".png" or ".webp" && !part.HasEnd)
            throw Error(NanoBananaErrorKind.NotAnImage, task, Messages.InlineImageIncomplete(task.Id, part.Length));
        return format is null ? new Exchange { Failure = ExchangeFailure.Garbage } : new Exchange { Reply = new WireReply(200, []) };
    }

    private Task<Exchange> FetchAsync(FetchState state, IClientObserver observer, CancellationToken stop) => _retries.RunAsync(
        (attempt, token) => _fetch.SendAsync(state, attempt, observer, token), RetryRules.MayReadAgain, state.Deadline, TimeSpan.Zero,
        observer, stop);

    /// <summary>
    /// Whether a link has expired. Storage services answer with different statuses: Amazon and Azure 403, Google 400, others 401, 404, 410.
    /// </summary>
    private static bool HasExpired(Exchange exchange) => exchange.Reply?.Status is 400 or 401 or 403 or 404 or 410;

    private static ImageOutput ImageOf(ImageTask task, int imageNumber) =>
        imageNumber < task.Image.Count
            ? task.Image[imageNumber]
            : throw Error(NanoBananaErrorKind.NoImage, task, Messages.TaskWithoutImage(task.Id, task.Text));

    /// <summary>The expected extension, to find an existing file before the download. The bytes determine the final extension.</summary>
    private static string LikelyExtension(ImageOutput image) => image.ContentType switch
    {
        "image/jpeg" => ".jpg",
        "image/webp" => ".webp",
        _ => ".png",
    };

    private NanoBananaException NotDownloaded(ImageTask task, Exchange exchange)
    {
        string why = exchange.Failure switch
        {
            ExchangeFailure.TooLarge => Messages.ImageTooLarge(_options.MaximumImageBytes),
            ExchangeFailure.Forbidden => exchange.Cause!.Message,
            ExchangeFailure.Timeout => Messages.ImageTooSlow,
            _ => ExchangeErrors.Describe(exchange),
        };
        return Error(NanoBananaErrorKind.DownloadFailed, task, Messages.ImageNotDownloaded(task.Id, why), exchange);
    }

    private static NanoBananaException Error(NanoBananaErrorKind kind, ImageTask task, string message, Exchange? exchange = null) =>
        new(kind, message, exchange?.Cause)
        {
            TaskId = task.Id,
            Task = task,
            StatusCode = exchange?.Reply?.Status,
            RequestId = exchange?.Reply?.RequestId,
        };
}
