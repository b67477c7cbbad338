using System.Text.RegularExpressions;

namespace NanoBanana.Client.Text;

/// <summary>Values that are used and not only read: ids, addresses, data.</summary>
internal static class UsableValue
{
    private const int LongestId = 256;

    private static readonly Regex Id = new("^[A-Za-z0-9._~-]+$", RegexOptions.CultureInvariant);
    private static readonly Regex Address = new("^(?:https?:|data:|/)[^ \n\r\t]+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex Base64 = new("^[A-Za-z0-9+/_-]{64,}={0,2}$", RegexOptions.CultureInvariant);

    public static bool Is(string value) => (value.Length <= LongestId && Id.IsMatch(value)) || Address.IsMatch(value) || Base64.IsMatch(value);
}
