using System.Text.RegularExpressions;

namespace NanoBanana.Client.Text;

/// <summary>
/// The one way by which a text of a server reaches a user: cleaned of what moves a terminal, and then with the key masked, in
/// this order, because cleaning can join what a server split. <c>ServerTextRuleTests</c> keeps it the only one; decision 0019.
/// </summary>
/// <param name="masks">That of the key first.</param>
internal sealed class ServerText(params KeyMask[] masks)
{
    private const int LongestCause = 500;

    /// <summary>What stands before the host of an address: handlers name the proxy, and its address may hold a password.</summary>
    private static readonly Regex UserOfAddress = new("(?<=://)[^/@\\s']+@", RegexOptions.CultureInvariant);

    /// <summary>The same that hides more.</summary>
    public ServerText And(IEnumerable<KeyMask> more) => new([.. masks, .. more]);

    /// <summary>A text as it may be shown and stored.</summary>
    public string Show(string text) => masks.Aggregate(TextSafety.Clean(text), (shown, mask) => mask.Apply(shown));

    /// <summary>The same on one line of bounded length.</summary>
    public string ShowLine(string text, int length) => TextSafety.Excerpt(Show(text), length);

    /// <summary>Whether nothing of a text certainly changes, however it is shown: so it is nearly always, and nothing is copied.</summary>
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
    /// A value of an answer. An id, an address or base64 data has to stay usable: only a key that can't stand in it by chance,
    /// or that is the whole of it, is masked there.
    /// </summary>
    public string ShowValue(string value)
    {
        string clean = TextSafety.Clean(value);
        return masks.Aggregate(clean, (shown, mask) => mask.IsCertain || !UsableValue.Is(shown) || mask.IsAllOf(shown) ? mask.Apply(shown) : shown);
    }

    /// <summary>A name in an answer. A short key may be a word of the protocol, and a task must not be lost for that.</summary>
    public string ShowName(string name) =>
        masks.Aggregate(TextSafety.Clean(name), (shown, mask) => mask.IsCertain ? mask.Apply(shown) : shown);

    /// <summary>
    /// An exception of an HTTP handler. Handlers quote what a server wrote where an answer should have begun. One that can't be
    /// shown as it is, with all that is in it, is replaced by another with the last of its messages.
    /// </summary>
    public Exception Show(Exception e)
    {
        string all = e.ToString();
        return Show(all) == all && e.Data.Count == 0 && !UserOfAddress.IsMatch(all)
            ? e
            : new HttpRequestException(ShowLine(UserOfAddress.Replace(e.GetBaseException().Message, ""), LongestCause));
    }
}

/// <summary>Values that are used and not only read: ids, addresses, data.</summary>
internal static class UsableValue
{
    private const int LongestId = 256;

    private static readonly Regex Id = new("^[A-Za-z0-9._~-]+$", RegexOptions.CultureInvariant);
    private static readonly Regex Address = new("^(?:https?:|data:|/)[^ \n\r\t]+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex Base64 = new("^[A-Za-z0-9+/_-]{64,}={0,2}$", RegexOptions.CultureInvariant);

    public static bool Is(string value) => (value.Length <= LongestId && Id.IsMatch(value)) || Address.IsMatch(value) || Base64.IsMatch(value);
}
