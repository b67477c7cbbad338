using System.Text.RegularExpressions;

namespace NanoBanana.Client.Text;

/// <summary>
/// Every text of a server that a user sees passes through this class. It removes characters that control a terminal, and then masks the
/// key. This order is necessary, because cleaning can join parts of a key. <c>ServerTextRuleTests</c> checks that no other way exists; see
/// decision 0019.
/// </summary>
/// <param name="masks">The masks; the mask of the key first.</param>
internal sealed class ServerText(params KeyMask[] masks)
{
    private const int LongestCause = 500;

    /// <summary>
    /// The user part of an address. HTTP handlers include the address of the proxy in their messages, and it may contain a password.
    /// </summary>
    private static readonly Regex UserOfAddress = new("(?<=://)[^/@\\s']+@", RegexOptions.CultureInvariant);

    /// <summary>A copy with additional masks.</summary>
    public ServerText And(IEnumerable<KeyMask> more) => new([.. masks, .. more]);

    /// <summary>The text in a form that may be shown and stored.</summary>
    public string Sanitize(string text) => masks.Aggregate(TextSafety.Clean(text), (shown, mask) => mask.Apply(shown));

    /// <summary>The same in one line of limited length.</summary>
    public string SanitizeLine(string text, int length) => TextSafety.Excerpt(Sanitize(text), length);

    /// <summary>Whether a text certainly stays unchanged. This is the usual case, and then nothing is copied.</summary>
    public bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!TextSafety.IsPlain(c))
                return false;
        }
        foreach (KeyMask mask in masks)
        {
            if (!mask.IsAbsent(text))
                return false;
        }
        return true;
    }

    /// <summary>
    /// A value of an answer. An id, an address or base64 data must stay usable, so the key is masked there only if it is too long to occur
    /// by chance, or if it is the whole value.
    /// </summary>
    public string SanitizeValue(string value)
    {
        string clean = TextSafety.Clean(value);
        return masks.Aggregate(clean, (shown, mask) =>
            mask.IsCertain || !UsableValue.Is(shown) || mask.IsAllOf(shown) ? mask.Apply(shown) : shown);
    }

    /// <summary>A property name of an answer. A short key could be a name of the protocol, so only a long key is masked.</summary>
    public string SanitizeName(string name) =>
        masks.Aggregate(TextSafety.Clean(name), (shown, mask) => mask.IsCertain ? mask.Apply(shown) : shown);

    /// <summary>
    /// An exception of an HTTP handler. Handlers quote text of the server. If the exception contains text that must not be shown, another
    /// exception with the innermost message replaces it.
    /// </summary>
    public Exception Sanitize(Exception e)
    {
        string all = e.ToString();
        return Sanitize(all) == all && e.Data.Count == 0 && !UserOfAddress.IsMatch(all)
            ? e
            : new HttpRequestException(SanitizeLine(UserOfAddress.Replace(e.GetBaseException().Message, ""), LongestCause));
    }
}

/// <summary>Recognizes values that the client uses: ids, addresses, data.</summary>
internal static class UsableValue
{
    private const int LongestId = 256;

    private static readonly Regex Id = new("^[A-Za-z0-9._~-]+$", RegexOptions.CultureInvariant);
    private static readonly Regex Address = new("^(?:https?:|data:|/)[^ \n\r\t]+$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex Base64 = new("^[A-Za-z0-9+/_-]{64,}={0,2}$", RegexOptions.CultureInvariant);

    public static bool Is(string value) =>
        (value.Length <= LongestId && Id.IsMatch(value)) || Address.IsMatch(value) || Base64.IsMatch(value);
}
