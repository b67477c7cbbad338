using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// What makes a request of a batch the same request when its script runs again: endpoint, batch, name, what is sent, and
/// its numbers among equal requests of one input and of one run. Line ends, trailing white space, the Unicode form and signatures of links make no
/// difference: editors, spreadsheets and stores change them by themselves.
/// </summary>
internal static class RequestKey
{
    /// <summary>True in SQL for a key of version 1, which is a hash without a prefix. Two ranges, so that the index of the column finds one.</summary>
    public const string IsOfVersion1 = "(request_key < '2:' OR request_key >= '2;')";

    /// <summary>Begins every key: a change of how it is made must not make old keys match by accident.</summary>
    private const string Prefix = "2:";

    /// <summary>The key of a request in a batch; null for a request in none.</summary>
    public static string? Of(ImageRequest request, Uri endpoint) =>
        request.Batch is null ? null : Make(request, KnownEndpoints.CanonicalOf(endpoint));

    /// <summary>The key, and those under which entries may be that were made under the other names of the service.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="endpoint">Where it is sent.</param>
    /// <param name="withVersion1">Whether the journal has keys of version 1, for which the text of every input image is hashed.</param>
    public static IReadOnlyList<string> AllOf(ImageRequest request, Uri endpoint, bool withVersion1)
    {
        if (request.Batch is null)
            return [];
        IReadOnlyList<Uri> names = KnownEndpoints.NamesOf(endpoint);
        IEnumerable<string> keys = names.Select(name => Make(request, name));
        return [.. withVersion1 && request.Number == 1 ? keys.Concat(names.Select(name => MakeVersion1(request, name))) : keys];
    }

    /// <summary>The hash of all that is sent.</summary>
    public static string ContentHash(ImageRequest request) => request.ContentHash ?? Hash(
        [request.Model ?? "", Normalize(request.Prompt ?? ""), request.AspectRatio ?? "", request.Resolution ?? "",
            string.Join(",", request.ResponseModality ?? []), .. request.ImageKeys ?? [.. (request.ImageUrl ?? []).Select(ImageKey.Of)]]);

    private static string Make(ImageRequest request, Uri endpoint) => Prefix + Hash(
        [endpoint.AbsoluteUri, Normalize(request.Batch!), Normalize(request.Name ?? ""), ContentHash(request), Number(request.Ordinal), .. NumberOf(request)]);

    private static string MakeVersion1(ImageRequest request, Uri endpoint) => Hash(
        "1", endpoint.AbsoluteUri, request.Batch!, request.Name ?? "",
        Hash(["1", request.Model ?? "", request.Prompt ?? "", request.AspectRatio ?? "", request.Resolution ?? "",
            string.Join(",", request.ResponseModality ?? []), .. request.ImageKeysOfVersion1 ?? request.ImageUrl ?? []]),
        Number(request.OrdinalOfVersion1));

    /// <summary>A short key for the requests of one run, which are counted by it.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="asVersion1">Whether to tell those apart that version 1 told apart.</param>
    public static Guid InRun(ImageRequest request, bool asVersion1) => Guid.ParseExact(
        Hash([request.Batch ?? "", request.Name ?? "", ContentHash(request), .. NumberOf(request), .. asVersion1 ? [request.Prompt ?? "", .. Links(request)] : Array.Empty<string>()]).Substring(0, 32), "N");

    /// <summary>Nothing for the first, so that its key is that of an only one.</summary>
    private static string[] NumberOf(ImageRequest request) => request.Number == 1 ? [] : [Number(request.Number)];

    private static IEnumerable<string> Links(ImageRequest request) =>
        (request.ImageUrl ?? []).Where(url => !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text as it is compared: line feeds as line ends, no white space before them, Unicode form C.</summary>
    public static string Normalize(string text)
    {
        if (text.Any(c => c is '\r' or '\n' or > '~') || text.Length != text.TrimEnd().Length)
            text = string.Join("\n", text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n').Select(line => line.TrimEnd())).TrimEnd();
        return text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
    }

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
