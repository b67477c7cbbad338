using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// The secret that pays. It is kept where no property, text or serialiser finds it; only the request header takes it out.
/// </summary>
public sealed class ApiKey
{
    /// <summary>Of a shorter key its last four characters would tell too much.</summary>
    private const int ShortestShown = 12;

    private readonly string _value;

    /// <summary>Wraps a key, without the white space that copying leaves around it.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.ApiKeyMissing"/>: it is empty, or has characters that a header can't carry.
    /// </exception>
    public ApiKey(string value)
    {
        _value = value.Trim();
        if (_value.Length == 0)
            throw new NanoBananaException(NanoBananaErrorKind.ApiKeyMissing, "The API key is empty.");
        if (!_value.All(c => c is > ' ' and < (char)127))
            throw new NanoBananaException(NanoBananaErrorKind.ApiKeyMissing, "The API key has spaces or characters that are not ASCII, so it is not a key. Copy it again from the provider's key page.");
        ServerText = new ServerText(new KeyMask(_value, Masked));
    }

    /// <summary>The key with all but its last four characters hidden; short keys are hidden whole.</summary>
    public string Masked => _value.Length >= ShortestShown ? "…" + _value.Substring(_value.Length - 4) : "…";

    internal string HeaderValue => "Bearer " + _value;

    /// <summary>Shows what servers write, without this key.</summary>
    internal ServerText ServerText { get; }

    /// <summary>True when both are the same key.</summary>
    public bool Matches(string other) => _value == other.Trim();

    /// <summary>The masked key.</summary>
    public override string ToString() => Masked;
}
