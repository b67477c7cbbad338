using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;
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
    public static string ContentHash(ImageRequest request) => request.ContentHash ?? Hash(
        [Version, request.Model, request.Prompt, request.AspectRatio ?? "", request.Resolution ?? "",
            string.Join(",", request.ResponseModalities ?? []), .. request.ImageKeys ?? request.ImageUrls ?? []]);

    private static string Hash(params string[] parts)
    {
        // In portions: an image is megabytes of text.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        char[] chars = new char[Math.Min(parts.Max(part => part.Length) + 16, 16 * 1024)];
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(chars.Length)];
        Encoder encoder = Encoding.UTF8.GetEncoder();
        foreach (string part in parts)
        {
            // Lengths in front keep the parts apart: no text can pretend to be two.
            Append(string.Format(CultureInfo.InvariantCulture, "{0}:", part.Length));
            Append(part);
        }
        hash.AppendData(bytes, 0, encoder.GetBytes(chars, 0, 0, bytes, 0, flush: true));
        return Hex.Of(hash);

        void Append(string text)
        {
            for (int start = 0, count; start < text.Length; start += count)
            {
                count = Math.Min(chars.Length, text.Length - start);
                text.CopyTo(start, chars, 0, count);
                hash.AppendData(bytes, 0, encoder.GetBytes(chars, 0, count, bytes, 0, flush: false));
            }
        }
    }
}
