using System.Net.Http.Headers;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// Header fields that a gateway in front of the API asks for. They go with requests to the API and with nothing else. A value may be a
/// secret, so no property, text or serializer has one.
/// </summary>
public sealed class GatewayHeaders
{
    /// <summary>What the client sets itself, and what belongs to one connection (RFC 9110, section 7.6.1).</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Host", "Accept", "Accept-Encoding", "User-Agent", "Expect", "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade", "Range", "If-Range",
    };

    private readonly KeyValuePair<string, string>[] _fields;
    private readonly KeyMask[] _masks;

    /// <param name="fields">Names and values.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: a name is reserved, or a name or value can't be sent. No value is shown.
    /// </exception>
    public GatewayHeaders(IEnumerable<KeyValuePair<string, string>> fields)
    {
        _fields = [.. fields.Select(field => new KeyValuePair<string, string>(field.Key.Trim(), field.Value.Trim(' ', '\t')))];
        foreach (KeyValuePair<string, string> field in _fields)
            Check(field.Key, field.Value);
        if (_fields.GroupBy(field => field.Key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Invalid($"The header '{twice.Key}' is given twice.");
        // A short value may be a word of the protocol, or a part of an id: answers have to stay readable.
        _masks = [.. _fields.Select(field => new KeyMask(field.Value, "…")).Where(mask => mask.IsCertain)];
    }

    /// <summary>No header fields.</summary>
    public static GatewayHeaders None { get; } = new([]);

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => [.. _fields.Select(one => one.Key)];

    /// <summary>Hides the values where a server repeats one that nothing else can look like.</summary>
    internal IReadOnlyList<KeyMask> Masks => _masks;

    /// <summary>The names.</summary>
    public override string ToString() => string.Join(", ", Names);

    internal void AddTo(HttpRequestHeaders headers)
    {
        foreach (KeyValuePair<string, string> field in _fields)
            headers.TryAddWithoutValidation(field.Key, field.Value);
    }

    private static void Check(string name, string value)
    {
        const string TokenSigns = "!#$%&'*+-.^_`|~";
        if (name.Length == 0 || !name.All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') || TokenSigns.Contains(c)))
            throw Invalid($"'{TextSafety.Excerpt(name, 60)}' is not a name of a header. A name has letters, digits and hyphens, such as X-Team.");
        if (Reserved.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase))
            throw Invalid($"The header '{name}' is set by the module itself, so it can't be given. A key goes with -ApiKey, a proxy's credentials with -ProxyCredential.");
        if (value.Length == 0)
            throw Invalid($"The header '{name}' has no value.");
        if (value.Any(c => c is (< ' ' and not '\t') or > '~'))
            throw Invalid($"The value of the header '{name}' has a line break or another character that a header can't carry. It has visible ASCII characters and spaces.");
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
