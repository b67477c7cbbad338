using System.Text;

namespace NanoBanana.Client.Text;

/// <summary>
/// Converts a body to UTF-8. The encoding is found by the byte order mark, then by the NUL bytes that UTF-16 and UTF-32 have in JSON and
/// HTML (RFC 4627, section 3). The charset that the server reports is used only if the body is not UTF-8, because servers report wrong
/// ones.
/// </summary>
internal static class Charset
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] ToUtf8(byte[] body, string? charset)
    {
        Encoding encoding = ByMark(body) ?? ByZeros(body) ?? (IsUtf8(body) ? null : ByName(charset)) ?? Encoding.UTF8;
        if (encoding is UTF8Encoding)
            return body;
        return Encoding.UTF8.GetBytes(encoding.GetString(body).TrimStart('\uFEFF'));
    }

    private static Encoding? ByMark(byte[] body) => body switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0, 0, 0xFE, 0xFF, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    private static Encoding? ByZeros(byte[] body) => body switch
    {
        [0, 0, 0, not 0, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
        [not 0, 0, 0, 0, ..] => Encoding.UTF32,
        [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
        [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
        _ => null,
    };

    private static bool IsUtf8(byte[] body)
    {
        try
        {
            return Strict.GetCharCount(body) >= 0;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static Encoding? ByName(string? charset)
    {
        try
        {
            return string.IsNullOrWhiteSpace(charset) ? null : Encoding.GetEncoding(charset!.Trim('"', '\'', ' '));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
