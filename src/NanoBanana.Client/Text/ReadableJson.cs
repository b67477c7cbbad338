using System.Text;

namespace NanoBanana.Client.Text;

/// <summary>
/// Mends what a JSON parser takes and a reader of its texts does not: bytes that are no UTF-8, and escapes for half of a
/// surrogate pair. Reading such a text throws, and a body can have hundreds of thousands of them; so U+FFFD stands in their
/// place before it is parsed.
/// </summary>
internal static class ReadableJson
{
    private const int Length = 6; // \uXXXX

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The body as it can be read; the very same when there is nothing to mend.</summary>
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
        byte[] mended = utf8;
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
                if (ReferenceEquals(mended, utf8))
                    mended = (byte[])utf8.Clone();
                "FFFD"u8.CopyTo(mended.AsSpan(at + 2));
            }
            // A backslash and what it escapes; what follows an escaped backslash is plain text.
            at += 2;
        }
        return mended;
    }

    private static int Next(byte[] utf8, int from)
    {
        int at = from < utf8.Length ? utf8.AsSpan(from).IndexOf((byte)'\\') : -1;
        return at < 0 ? -1 : from + at;
    }

    /// <summary>The UTF-16 unit that an escape at a place is for; -1 when there is none.</summary>
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
