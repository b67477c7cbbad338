using System.Text;
using System.Text.Json;

namespace NanoBanana.Client.Tests.Text;

/// <summary>The forms in which a server can repeat a key.</summary>
internal static class KeyEchoes
{
    private static readonly Dictionary<string, Func<string, string>> Forms = new()
    {
        ["plain"] = key => key,
        ["other case"] = key => key.ToUpperInvariant(),
        ["spaced"] = key => string.Join(' ', key.ToCharArray()),
        ["dashed"] = key => string.Join("-·-", key.ToCharArray()),
        ["zero width"] = key => string.Join('\u200B', key.ToCharArray()),
        ["control characters"] = key => string.Join('\u0007', key.ToCharArray()),
        ["null characters"] = key => string.Join('\0', key.ToCharArray()),
        ["direction marks"] = key => string.Join('\u202E', key.ToCharArray()),
        ["colors"] = key => string.Join("\u001B[m\u200D", key.ToCharArray()),
        ["tag characters"] = key => string.Join("\U000E0041", key.ToCharArray()),
        ["variation selectors"] = key => string.Join('\uFE0F', key.ToCharArray()),
        ["folded lines"] = key => key.Insert(9, "\r\n  ").Insert(3, "\n\t"),
        ["line separators"] = key => key.Insert(9, "\u2028").Insert(3, "\u0085"),
        ["soft line break"] = key => key.Insert(9, "=\r\n"),
        ["quoted printable"] = key => Each(key, c => $"={(int)c:X2}"),
        ["JSON escapes"] = key => Each(key, c => $"\\u{(int)c:x4}"),
        ["JSON in JSON"] = key => JsonSerializer.Serialize(new { key = Each(key, c => $"\\u{(int)c:X4}") }),
        ["JSON in JSON with null characters"] = key => JsonSerializer.Serialize(
            new { inner = JsonSerializer.Serialize(new { key = string.Join('\0', key.ToCharArray()) }) }),
        ["JavaScript escapes"] = key => Each(key, c => $"\\x{(int)c:x2}"),
        ["code point escapes"] = key => Each(key, c => $"\\u{{{(int)c:x}}}"),
        ["octal escapes"] = key => Each(key, c => $"\\{Convert.ToString(c, 8).PadLeft(3, '0')}"),
        ["percent"] = key => Each(key, c => $"%{(int)c:x2}"),
        ["double percent"] = key => Each(key, c => $"%25{(int)c:X2}"),
        ["triple percent"] = key => Each(key, c => $"%2525{(int)c:X2}"),
        ["percent u"] = key => Each(key, c => $"%u{(int)c:X4}"),
        ["HTML decimal"] = key => Each(key, c => $"&#{(int)c:D5};"),
        ["HTML hexadecimal"] = key => Each(key, c => $"&#X{(int)c:x};"),
        ["HTML without semicolons"] = key => Each(key, c => $"&#x{(int)c:x4}").Replace("&#x", "|&#x", StringComparison.Ordinal),
        ["double HTML"] = key => Each(key, c => $"&amp;#{(int)c};"),
        ["HTML entities between"] = key => string.Join("&shy;", key.ToCharArray()),
        ["HTML tags between"] = key => string.Join("<wbr>", key.ToCharArray()),
        ["percent in HTML in JSON"] = key => Each(key, c => $"&#37;{(int)c:X2}"),
        ["full width"] = key => Each(key, c => $"{(char)(c + 0xFEE0)}"),
        ["mathematical"] = key => Each(key, c => char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(0x1D41A + (c - 'a')) : $"{c}"),
        ["base64"] = key => Convert.ToBase64String(Encoding.ASCII.GetBytes(key)),
        ["base64 of the header"] = key => Convert.ToBase64String(Encoding.ASCII.GetBytes($"Bearer {key}")),
        ["base64 of a login"] = key => Convert.ToBase64String(Encoding.ASCII.GetBytes($"x:{key}")),
        ["hexadecimal"] = key => Convert.ToHexString(Encoding.ASCII.GetBytes(key)),
    };

    public static IEnumerable<string> Names => Forms.Keys;

    public static string Of(string name, string key) => Forms[name](key);

    /// <summary>Whether a reader of the text sees the key or could reverse the changes of a server.</summary>
    public static bool Shows(string text, string key)
    {
        string letters = Letters(key);
        string seen = Letters(text.Normalize(NormalizationForm.FormKC));
        return seen.Contains(letters, StringComparison.Ordinal)
            || Names.Any(name => Significant(Of(name, key)) is { } form
                && form.Length >= key.Length && Significant(text).Contains(form, StringComparison.Ordinal));
    }

    private static string Significant(string text) => string.Concat(text.Where(c => c is > ' ' and < (char)127)).ToUpperInvariant();

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static string Each(string key, Func<char, string> escape) => string.Concat(key.Select(escape));
}
