using System.Runtime.CompilerServices;

namespace NanoBanana.Client.Text;

/// <summary>
/// The key of an input image when requests are compared. For data it is the hash, so a file and its data URI have the same key. For a link
/// it is the link without its signature, which a storage service creates again for each run.
/// </summary>
internal static class ImageKey
{
    /// <summary>The keys of data that is still in memory. An image that many requests contain is hashed once.</summary>
    private static readonly ConditionalWeakTable<string, string> Known = new();

    /// <summary>
    /// The parameters of signed links, by service. A link that has the first parameter of a group is signed. A name that ends with * stands
    /// for all names that start like that. Sources: Amazon S3 (Signature Version 4 and 2), Google Cloud Storage (V4 and V2), Azure (service
    /// and user delegation SAS), CloudFront, Alibaba Cloud OSS, Tencent Cloud COS.
    /// </summary>
    private static readonly string[][] Signatures =
    [
        ["X-Amz-Signature", "X-Amz-*"],
        ["X-Goog-Signature", "X-Goog-*"],
        ["x-oss-signature", "x-oss-*"],
        ["q-signature", "q-*", "x-cos-security-token"],
        ["Signature", "Expires", "AWSAccessKeyId", "GoogleAccessId", "OSSAccessKeyId", "Key-Pair-Id", "Policy", "Hash-Algorithm",
         "security-token", "x-amz-security-token"],
        ["sig", "sv", "st", "se", "sr", "sp", "spr", "sip", "ss", "srt", "si", "sks", "skt", "ske", "skoid", "sktid", "skv", "saoid",
         "suoid", "scid", "sdd", "ses"],
    ];

    /// <summary>The key of an address or a data URI.</summary>
    public static string Of(string url)
    {
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return Known.GetValue(url, text => ImageText.Decode(text) is { } data ? OfData(data.Bytes) : text);
        return WithoutSignature(url);
    }

    /// <summary>The key of the bytes of an image.</summary>
    public static string OfData(byte[] bytes) => "sha256:" + Sha256Hex.Of(bytes);

    private static string WithoutSignature(string url)
    {
        int start = url.IndexOf('?');
        if (start < 0)
            return url;
        int end = url.IndexOf('#', start) is var fragment and >= 0 ? fragment : url.Length;
        string[] parameters = url.Substring(start + 1, end - start - 1).Split('&');
        string[]? signature = Signatures.FirstOrDefault(group => parameters.Any(parameter => IsNamed(parameter, group[0])));
        if (signature is null)
            return url;
        string rest = string.Join("&", parameters.Where(parameter => !signature.Any(name => IsNamed(parameter, name))));
        return url.Substring(0, start) + (rest.Length > 0 ? "?" + rest : "");
    }

    private static bool IsNamed(string parameter, string name) => name.EndsWith("*", StringComparison.Ordinal)
        ? parameter.StartsWith(name.TrimEnd('*'), StringComparison.OrdinalIgnoreCase)
        : parameter.Split('=')[0].Equals(name, StringComparison.OrdinalIgnoreCase);
}
