using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// What makes a request of a batch the same request when its script runs again: endpoint, batch, name, what is sent, and
/// which one it is among equals of one run.
/// </summary>
internal static class RequestKey
{
    /// <summary>Part of every key: a change of how it is made must not make old keys match by accident.</summary>
    private const string Version = "1";

    /// <summary>The key of a request in a batch; null for a request in none.</summary>
    public static string? Of(ImageRequest request, Uri endpoint) =>
        request.Batch is null ? null : Make(request, KnownEndpoints.CanonicalOf(endpoint));

    /// <summary>The key, and those under which entries may be that were made under the other names of the service.</summary>
    public static IReadOnlyList<string> AllOf(ImageRequest request, Uri endpoint) =>
        request.Batch is null ? [] : [.. KnownEndpoints.NamesOf(endpoint).Select(name => Make(request, name))];

    private static string Make(ImageRequest request, Uri endpoint) =>
        Hash(Version, endpoint.AbsoluteUri, request.Batch!, request.Name ?? "", ContentHash(request), request.Ordinal.ToString(CultureInfo.InvariantCulture));

    /// <summary>The hash of all that is sent.</summary>
    public static string ContentHash(ImageRequest request) => Hash(
        [Version, request.Model, request.Prompt, request.AspectRatio ?? "", request.Resolution ?? "",
            string.Join(",", request.ResponseModalities ?? []), .. request.ImageKeys ?? request.ImageUrls ?? []]);

    private static string Hash(params string[] parts)
    {
        // Lengths in front keep the parts apart: no text can pretend to be two.
        string joined = string.Concat(parts.Select(part => string.Format(CultureInfo.InvariantCulture, "{0}:{1}", part.Length, part)));
#if NET
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(joined));
#else
        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(joined));
#endif
        return string.Concat(hash.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
