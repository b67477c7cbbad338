using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The forms in which the images in a request can be sent, and the form that the endpoint accepts. Only a submission can show it: if an
/// answer rejects the images, nothing was bought, so the request is sent again in the next form.
/// </summary>
internal sealed class ImageTransfers(ImageUpload upload, ApiOptions options)
{
    private static readonly ImageTransfer[] InOrder = [ImageTransfer.DataUri, ImageTransfer.Base64, ImageTransfer.Upload];
    private static readonly ImageTransfer[] NoChoice = [ImageTransfer.DataUri];

    /// <summary>Words for an image and its form, in the languages of these gateways.</summary>
    private static readonly Regex Image = new(
        @"image|base64|\burls?\b|\buris?\b|data:|photo|picture|mime|media.?type|too large|图|照片",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The base64 of images that are still in memory. All requests with an image share one text.</summary>
    private readonly ConditionalWeakTable<string, string> _base64 = new();

    /// <summary>The index in <see cref="InOrder"/> of the last form that was accepted.</summary>
    private int _first;

    /// <summary>The forms to try for a request, in this order; only one if there is no choice.</summary>
    public IReadOnlyList<ImageTransfer> FormsFor(ImageRequest request)
    {
        if (!HasEmbeddedImage(request))
            return NoChoice;
        return options.ImageTransfer == ImageTransfer.Automatic ? [.. InOrder.Skip(Volatile.Read(ref _first))] : [options.ImageTransfer];
    }

    /// <summary>Converts the images of a request to a form. Addresses that the service downloads are not changed.</summary>
    /// <exception cref="NanoBananaException">An upload failed. Nothing was bought.</exception>
    public async Task<ImageRequest> ApplyAsync(
        ImageRequest request, ImageTransfer form, Deadline deadline, IClientObserver observer, CancellationToken stop)
    {
        if (form == ImageTransfer.DataUri || !HasEmbeddedImage(request))
            return request;
        var urls = new List<string>(request.ImageUrl!.Count);
        foreach (string url in request.ImageUrl)
        {
            if (!IsDataUri(url))
                urls.Add(url);
            else if (form == ImageTransfer.Base64)
                urls.Add(_base64.GetValue(url, static uri => uri.Substring(uri.IndexOf(',') + 1)));
            else
                urls.Add(await upload.SendAsync(url, deadline, observer, stop).ConfigureAwait(false));
        }
        return request with { ImageUrl = urls };
    }

    /// <summary>Records the form in which a request with images was accepted.</summary>
    public void RecordAccepted(ImageRequest request, ImageTransfer form)
    {
        if (options.ImageTransfer == ImageTransfer.Automatic && HasEmbeddedImage(request))
            Volatile.Write(ref _first, Array.IndexOf(InOrder, form));
    }

    /// <summary>Whether a rejection is because of the form of the images. Only then can another form help.</summary>
    /// <param name="reply">An answer that certainly rejects the request.</param>
    public static bool IsImageRefusal(WireReply reply)
    {
        if (reply.Status == 413)
            return true;
        (string? code, string? message, _) = HttpErrorBody.Read(reply);
        string reason = message ?? HttpErrorBody.Describe(reply);
        return reply.Status is 400 or 422 or (>= 200 and <= 299) && code?.EndsWith("110001", StringComparison.Ordinal) != true
            && Image.IsMatch(reason) && !ErrorCodes.IsAboutContent(reason);
    }

    private static bool HasEmbeddedImage(ImageRequest request) => request.ImageUrl?.Any(IsDataUri) == true;

    private static bool IsDataUri(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
}
