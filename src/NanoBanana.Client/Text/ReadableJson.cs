using System.Text;

namespace NanoBanana.Client.Text;

/// <summary>
/// Repairs bytes that are not UTF-8, and escapes for half of a surrogate pair. The JSON parser accepts them, but reading such a text
/// throws, and a body can have hundreds of thousands of them. They are replaced with U+FFFD before the body is parsed.
/// </summary>
internal static class ReadableJson
{
    private const int Length = 6; // \uXXXX

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The repaired body; the same array if no repair is needed.</summary>
    public static byte[] Of(byte[] body) => WithoutHalfPairs(AsUtf8(body));

    private static byte[] AsUtf8(byte[] body)
    {
        try
        {
            _ = Strict.GetCharCount(body);
            return body;
        }
        catch (DecoderFallbackException)
        {
            return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));
        }
    }

    private static byte[] WithoutHalfPairs(byte[] utf8)
    {
        byte[] repaired = utf8;
        for (int at = Next(utf8, 0); at >= 0; at = Next(utf8, at))
        {
            int unit = UnitAt(utf8, at);
            if (unit is >= 0xD800 and <= 0xDBFF && UnitAt(utf8, at + Length) is >= 0xDC00 and <= 0xDFFF)
            {
                at += 2 * Length;
                continue;
            }
            if (unit is >= 0xD800 and <= 0xDFFF)
            {
                if (ReferenceEquals(repaired, utf8))
                    repaired = (byte[])utf8.Clone();
                "FFFD"u8.CopyTo(repaired.AsSpan(at + 2));
            }
            // Skips the backslash and the escaped character. After an escaped backslash, plain text follows.
            at += 2;
        }
        return repaired;
    }

    private static int Next(byte[] utf8, int from)
    {
        int at = from < utf8.Length ? utf8.AsSpan(from).IndexOf((byte)'\\') : -1;
        return at < 0 ? -1 : from + at;
    }

    /// <summary>The UTF-16 code unit of the escape at a position; -1 if there is no escape.</summary>
    private static int UnitAt(byte[] utf8, int at)
    {
        if (at + Length > utf8.Length || utf8[at] != '\\' || utf8[at + 1] != 'u')
            return -1;
        int unit = 0;
        for (int i = at + 2; i < at + Length; i++)
        {
            int digit = utf8[i] switch
            {
                >= (byte)'0' and <= (byte)'9' => utf8[i] - '0',
                >= (byte)'a' and <= (byte)'f' => utf8[i] - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => utf8[i] - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
                return -1;
            unit = unit * 16 + digit;
        }
        return unit;
    }
}
