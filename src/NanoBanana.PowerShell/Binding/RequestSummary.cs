using System.Globalization;
using NanoBanana.Client;
using NanoBanana.Client.Wire;
using NanoBanana.Views;

namespace NanoBanana.Binding;

/// <summary>What -WhatIf and -Confirm say of a request: what would be sent, and what it would buy.</summary>
internal static class RequestSummary
{
    public static string Target(ImageRequest request) => TextSafety.Excerpt(request.Prompt, 60);

    /// <summary>Which files of this machine leave it. Whole paths: the row that names them can be someone else's.</summary>
    private static string Upload(ImageRequest request) => request.ImagePaths.Count == 0
        ? ""
        : ", and upload " + string.Join(", ", request.ImagePaths.Select(path => $"'{TextSafety.Excerpt(path, int.MaxValue)}'"));

    public static string Action(ImageRequest request)
    {
        string resolution = request.Resolution ?? ImageModel.DefaultResolution;
        string shape = request.AspectRatio is not null && ImageModel.TryGetPixelSize(request.AspectRatio, resolution, out PixelSize size)
            ? $"{request.AspectRatio} {resolution} ({PixelSizeText.Of(request.AspectRatio, resolution, size)})"
            : resolution;
        string images = request.ImageUrl is { Count: > 0 } urls
            ? string.Format(CultureInfo.InvariantCulture, " from {0} {1}", urls.Count, urls.Count == 1 ? "image" : "images")
            : "";
        return string.Format(
            CultureInfo.InvariantCulture, "Buy 1 picture, {0}{1}, {2} output tokens, with {3}{4}",
            shape, images, ImageModel.GetOutputTokens(request.Resolution), TextSafety.Excerpt(request.Model, 40), Upload(request));
    }
}
