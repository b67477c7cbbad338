using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The identity of a request of a batch when its script runs again: endpoint, batch, name, the content that is sent, and its numbers among
/// equal requests of one input and of one run. Line ends, trailing white space, the Unicode form and signatures of links make no
/// difference, because editors, spreadsheets and stores change them automatically.
/// </summary>
internal static class RequestKey
{
    /// <summary>True in SQL for a key of version 1, which is a hash without a prefix. Two ranges, so that SQL uses the index.</summary>
    public const string IsVersion1 = "(request_key < '2:' OR request_key >= '2;')";

    /// <summary>The start of every key. It changes with the algorithm, so that old keys can't match by accident.</summary>
    private const string Prefix = "2:";

    /// <summary>The key of a request in a batch; null for a request without a batch.</summary>
    public static string? Of(ImageRequest request, Uri endpoint) =>
        request.Batch is null ? null : Make(request, KnownEndpoints.CanonicalOf(endpoint));

    /// <summary>The key, and the keys of the same request under the other host names of the service.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="endpoint">The endpoint that it is sent to.</param>
    /// <param name="withVersion1">Whether the journal has keys of version 1, for which the text of every input image is hashed.</param>
    public static IReadOnlyList<string> AllOf(ImageRequest request, Uri endpoint, bool withVersion1)
    {
        if (request.Batch is null)
            return [];
        IReadOnlyList<Uri> names = KnownEndpoints.NamesOf(endpoint);
        IEnumerable<string> keys = names.Select(name => Make(request, name));
        return [.. withVersion1 && request.Number == 1 ? keys.Concat(names.Select(name => MakeVersion1(request, name))) : keys];
    }

    /// <summary>The hash of the content that is sent.</summary>
    public static string ContentHash(ImageRequest request) => request.ContentHash ?? Hash(
        [request.Model ?? "", Normalize(request.Prompt ?? ""), request.AspectRatio ?? "", request.Resolution ?? "",
            string.Join(",", request.ResponseModality ?? []), .. request.ImageKeys ?? [.. (request.ImageUrl ?? []).Select(ImageKey.Of)]]);

    private static string Make(ImageRequest request, Uri endpoint) => Prefix + Hash(
        [endpoint.AbsoluteUri, Normalize(request.Batch!), Normalize(request.Name ?? ""), ContentHash(request), Number(request.Ordinal),
            .. NumberOf(request)]);

    private static string MakeVersion1(ImageRequest request, Uri endpoint) => Hash(
        "1", endpoint.AbsoluteUri, request.Batch!, request.Name ?? "",
        Hash(["1", request.Model ?? "", request.Prompt ?? "", request.AspectRatio ?? "", request.Resolution ?? "",
            string.Join(",", request.ResponseModality ?? []), .. request.ImageKeysOfVersion1 ?? request.ImageUrl ?? []]),
        Number(request.OrdinalOfVersion1));

    /// <summary>Short keys that count equal requests of one run.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <returns>The key, and another key if the request differs in version 1 from requests that are equal now.</returns>
    public static (ulong Key, ulong Version1) OrdinalKeys(ImageRequest request)
    {
        string[] parts = [request.Batch ?? "", request.Name ?? "", ContentHash(request), .. NumberOf(request)];
        string prompt = request.Prompt ?? "";
        string[] version1 = [prompt, .. Links(request)];
        ulong key = Sha256Hex.Short(Hash(parts));
        return (key, version1.Length == 1 && prompt == Normalize(prompt) ? key : Sha256Hex.Short(Hash([.. parts, .. version1])));
    }

    /// <summary>Empty for the first request, so that its key does not change if more requests follow.</summary>
    private static string[] NumberOf(ImageRequest request) => request.Number == 1 ? [] : [Number(request.Number)];

    private static IEnumerable<string> Links(ImageRequest request) =>
        (request.ImageUrl ?? []).Where(url => !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Normalizes a text for comparison: line feeds as line ends, no white space before them, Unicode form C.</summary>
    public static string Normalize(string text)
    {
        if (text.Any(c => c is '\r' or '\n' or > '~') || text.Length != text.TrimEnd().Length)
            text = string.Join("\n", text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n').Select(line => line.TrimEnd())).TrimEnd();
        return text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
    }

    private static string Hash(params string[] parts)
    {
        // In portions, because an image is megabytes of text.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        char[] chars = new char[Math.Min(parts.Max(part => part.Length) + 16, 16 * 1024)];
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(chars.Length)];
        Encoder encoder = Encoding.UTF8.GetEncoder();
        foreach (string part in parts)
        {
            // Each part starts with its length, so that different lists of parts never give the same text.
            Append(string.Format(CultureInfo.InvariantCulture, "{0}:", part.Length));
            Append(part);
        }
        hash.AppendData(bytes, 0, encoder.GetBytes(chars, 0, 0, bytes, 0, flush: true));
        return Sha256Hex.Of(hash);

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
