using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NanoBanana.Client.Text;

/// <summary>SHA-256 hashes as 64 lowercase hexadecimal digits.</summary>
internal static class Sha256Hex
{
    /// <summary>The hash of a text in UTF-8.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The first 64 bits of the hash of a text in UTF-8.</summary>
    public static ulong ShortOf(string text) => Short(Of(text));

    /// <summary>The first 64 bits of a hash.</summary>
    public static ulong Short(string hash) =>
        ulong.Parse(hash.Substring(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

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
        string.Concat(hash.GetHashAndReset().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
#endif
}
