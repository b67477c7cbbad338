using System.Security.Cryptography;

namespace NanoBanana.Client.Text;

/// <summary>Hashes as text.</summary>
internal static class Hex
{
    /// <summary>A finished hash as hexadecimal digits in lower case.</summary>
    public static string Of(IncrementalHash hash) =>
#if NET
        Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
#else
        string.Concat(hash.GetHashAndReset().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
#endif
}
