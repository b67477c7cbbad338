using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Client;

/// <summary>
/// The secret that pays. It is kept where no property, text or serialiser finds it; only the request header takes it out.
/// </summary>
public sealed class ApiKey
{
    /// <summary>A shorter key is no real one, and might be a word that stands in an answer by chance.</summary>
    private const int ShortestHidden = 12;

    private static readonly char[] Escapes = ['\\', '%', '&'];

    private readonly string _value;
    private readonly byte[] _bytes;
    private readonly Lazy<Regex> _echo;

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
        _bytes = Encoding.ASCII.GetBytes(_value);
        _echo = new Lazy<Regex>(() => new Regex(string.Concat(_value.Select(EchoOf)), RegexOptions.CultureInvariant));
    }

    /// <summary>The key with all but its last four characters hidden; short keys are hidden whole.</summary>
    public string Masked => _value.Length >= ShortestHidden ? "…" + _value.Substring(_value.Length - 4) : "…";

    internal string HeaderValue => "Bearer " + _value;

    /// <summary>A server's text, with the key masked where the server repeats it.</summary>
    internal string HideIn(string text)
    {
        if (_value.Length < ShortestHidden)
            return text;
        return text.IndexOfAny(Escapes) < 0 ? text.Replace(_value, Masked) : _echo.Value.Replace(text, Masked);
    }

    /// <summary>A server's body, with the key masked where the server repeats it.</summary>
    internal byte[] HideIn(byte[] body)
    {
        if (body.AsSpan().IndexOfAny((byte)'\\', (byte)'%', (byte)'&') < 0 && body.AsSpan().IndexOf(_bytes) < 0)
            return body;
        string text = Encoding.UTF8.GetString(body);
        string hidden = HideIn(text);
        return hidden == text ? body : Encoding.UTF8.GetBytes(hidden);
    }

    /// <summary>True when both are the same key.</summary>
    public bool Matches(string other) => _value == other.Trim();

    /// <summary>A character of the key as it may stand in a text: plain, or as JSON, addresses and HTML write it.</summary>
    private static string EchoOf(char c)
    {
        string hexadecimal = string.Concat(((int)c).ToString("x2", CultureInfo.InvariantCulture).Select(d => $"[{d}{char.ToUpperInvariant(d)}]"));
        string @decimal = ((int)c).ToString(CultureInfo.InvariantCulture);
        return $@"(?:\\?{Regex.Escape(c.ToString())}|\\u00{hexadecimal}|%{hexadecimal}|&#[xX]{hexadecimal};|&#{@decimal};)";
    }

    /// <summary>The masked key.</summary>
    public override string ToString() => Masked;
}
