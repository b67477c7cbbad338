using System.Net.Http.Headers;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// Header fields for a gateway in front of the API. They are sent with requests to the API only. A value may be a secret, so no property,
/// text or serializer contains it.
/// </summary>
public sealed class GatewayHeaders
{
    /// <summary>Header fields that the client sets, or that belong to one connection (RFC 9110, section 7.6.1).</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Host", "Accept", "Accept-Encoding", "User-Agent", "Expect", "Connection", "Keep-Alive", "TE", "Trailer",
        "Transfer-Encoding",
        "Upgrade", "Range", "If-Range",
    };

    private readonly KeyValuePair<string, string>[] _fields;
    private readonly KeyMask[] _masks;

    /// <param name="fields">The names and values.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: a name is reserved, or a name or value is not valid. The message does not contain
    /// the value.
    /// </exception>
    public GatewayHeaders(IEnumerable<KeyValuePair<string, string>> fields)
    {
        _fields = [.. fields.Select(field => new KeyValuePair<string, string>(field.Key.Trim(), field.Value.Trim(' ', '\t')))];
        foreach (KeyValuePair<string, string> field in _fields)
            Check(field.Key, field.Value);
        if (_fields.GroupBy(field => field.Key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Invalid(Messages.HeaderTwice(twice.Key));
        // A short value may be part of the protocol or of an id, so it is not masked in answers.
        _masks = [.. _fields.Select(field => new KeyMask(field.Value, "…")).Where(mask => mask.IsCertain)];
    }

    /// <summary>No header fields.</summary>
    public static GatewayHeaders None { get; } = new([]);

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => [.. _fields.Select(one => one.Key)];

    /// <summary>Masks values that are too long to occur by chance.</summary>
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
        if (name.Length == 0
            || !name.All(c => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') || TokenSigns.Contains(c)))
            throw Invalid(Messages.HeaderNameInvalid(TextSafety.Excerpt(name, 60)));
        if (Reserved.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase))
            throw Invalid(Messages.HeaderReserved(name));
        if (value.Length == 0)
            throw Invalid(Messages.HeaderWithoutValue(name));
        if (value.Any(c => c is (< ' ' and not '\t') or > '~'))
            throw Invalid(Messages.HeaderValueInvalid(name));
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
