using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The ways in which the images inside a request can be sent, and which of them the endpoint takes. Known only by trying: a submit
/// whose images are refused has bought nothing, so it is sent again in the next way.
/// </summary>
internal sealed class ImageTransfers(ImageUpload upload, ApiOptions options)
{
    private static readonly ImageTransfer[] InOrder = [ImageTransfer.DataUri, ImageTransfer.Base64, ImageTransfer.Upload];
    private static readonly ImageTransfer[] NoChoice = [ImageTransfer.DataUri];

    /// <summary>Words for an image and how it came, in the languages in which gateways of this family answer.</summary>
    private static readonly Regex Image = new(@"image|base64|\burls?\b|\buris?\b|data:|photo|image|mime|media.?type|too large|图|照片", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Words for what the image shows: that is refused in every way.</summary>
    private static readonly Regex Content = new("sensitive|safety|moderat|polic(y|ies)|prohibit|block|nsfw|inappropriate|violat|敏感|违规", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The base64 of images that are still in memory: one text for all requests with the image.</summary>
    private readonly ConditionalWeakTable<string, string> _base64 = new();

    /// <summary>The place in the order of the way that worked last.</summary>
    private int _first;

    /// <summary>The ways to try for a request, in this order: one where there is no choice.</summary>
    public IReadOnlyList<ImageTransfer> WaysFor(ImageRequest request)
    {
        if (!HasInside(request))
            return NoChoice;
        return options.ImageTransfer == ImageTransfer.Automatic ? [.. InOrder.Skip(Volatile.Read(ref _first))] : [options.ImageTransfer];
    }

    /// <summary>The request as it is sent in a way; images that the service fetches from an address are not touched.</summary>
    /// <exception cref="NanoBananaException">An upload failed; nothing was bought.</exception>
    public async Task<ImageRequest> ApplyAsync(ImageRequest request, ImageTransfer way, Deadline deadline, IClientObserver observer, CancellationToken stop)
    {
        if (way == ImageTransfer.DataUri || !HasInside(request))
            return request;
        var urls = new List<string>(request.ImageUrl!.Count);
        foreach (string url in request.ImageUrl)
        {
            if (!IsInside(url))
                urls.Add(url);
            else if (way == ImageTransfer.Base64)
                urls.Add(_base64.GetValue(url, static uri => uri.Substring(uri.IndexOf(',') + 1)));
            else
                urls.Add(await upload.SendAsync(url, deadline, observer, stop).ConfigureAwait(false));
        }
        return request with { ImageUrl = urls };
    }

    /// <summary>Remembers a way in which a request with images was accepted.</summary>
    public void Remember(ImageRequest request, ImageTransfer way)
    {
        if (options.ImageTransfer == ImageTransfer.Automatic && HasInside(request))
            Volatile.Write(ref _first, Array.IndexOf(InOrder, way));
    }

    /// <summary>Whether a refusal is about the way in which images came: only then another way can help.</summary>
    /// <param name="reply">An answer that says for certain that nothing was bought.</param>
    public static bool AreRefusedBy(WireReply reply)
    {
        if (reply.Status == 413)
            return true;
        (string? code, string? message, _) = HttpErrorBody.Read(reply);
        string said = message ?? HttpErrorBody.Describe(reply);
        return reply.Status is 400 or 422 or (>= 200 and <= 299) && code?.EndsWith("110001", StringComparison.Ordinal) != true && Image.IsMatch(said) && !Content.IsMatch(said);
    }

    private static bool HasInside(ImageRequest request) => request.ImageUrl?.Any(IsInside) == true;

    private static bool IsInside(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
}
