using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>The API key. No property, text or serializer contains it; only the request header does.</summary>
public sealed class ApiKey
{
    /// <summary>The minimum length of a key whose last four characters are shown.</summary>
    private const int MinimumShown = 12;

    private readonly string _value;

    /// <summary>Creates a key. White space at the start and the end is removed.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.ApiKeyMissing"/>: the key is empty, or contains characters that a header can't contain.
    /// </exception>
    public ApiKey(string value)
    {
        _value = value.Trim();
        if (_value.Length == 0)
            throw new NanoBananaException(NanoBananaErrorKind.ApiKeyMissing, Messages.ApiKeyEmpty);
        if (!_value.All(c => c is > ' ' and < (char)127))
            throw new NanoBananaException(NanoBananaErrorKind.ApiKeyMissing, Messages.ApiKeyInvalid);
        ServerText = new ServerText(new KeyMask(_value, Masked));
    }

    /// <summary>The key with only its last four characters visible. A short key is completely hidden.</summary>
    public string Masked => _value.Length >= MinimumShown ? "…" + _value.Substring(_value.Length - 4) : "…";

    internal string HeaderValue => "Bearer " + _value;

    /// <summary>Cleans texts of servers, and masks this key in them.</summary>
    internal ServerText ServerText { get; }

    /// <summary>Whether both are the same key.</summary>
    public bool Matches(string other) => _value == other.Trim();

    /// <summary>The masked key.</summary>
    public override string ToString() => Masked;
}
