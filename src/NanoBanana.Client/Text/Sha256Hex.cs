using System.Security.Cryptography;
using System.Text;

namespace NanoBanana.Client.Text;

/// <summary>SHA-256 hashes as 64 lowercase hexadecimal digits.</summary>
internal static class Sha256Hex
{
    /// <summary>The hash of a text in UTF-8.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The hash of some bytes.</summary>
    public static string Of(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        return Of(hash);
    }

    /// <summary>The hash of the bytes so far. The next bytes start a new hash.</summary>
    public static string Of(IncrementalHash hash) =>
#if NET
        Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
#else
        string.Concat(hash.GetHashAndReset().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
#endif
}
