using System.Globalization;

namespace NanoBanana.Emulator.Http;

/// <summary>One stretch of a body (RFC 9110, 14): first byte and number of bytes.</summary>
internal readonly record struct ByteRange(long Start, long Count)
{
    /// <summary>Reads a Range header.</summary>
    /// <param name="header"><c>bytes=a-</c>, <c>bytes=a-b</c> or <c>bytes=-n</c>; null for no header.</param>
    /// <param name="length">Bytes of the whole body.</param>
    /// <returns>
    /// Null where the whole body is to be sent: no header, or a form that a server is free to ignore.
    /// A count of 0 means that the range lies outside the body, which is 416.
    /// </returns>
    public static ByteRange? Parse(string? header, long length)
    {
        const string Unit = "bytes=";
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;

        string[] ends = header.Substring(Unit.Length).Split('-');
        if (ends.Length != 2 || !TryRead(ends[0], out long? first) || !TryRead(ends[1], out long? last) || first > last)
            return null;
        if (first >= length)
            return default(ByteRange);
        if (first is { } start)
            return new ByteRange(start, Math.Min(last ?? length, length - 1) - start + 1);
        return last is { } tail ? new ByteRange(Math.Max(0, length - tail), Math.Min(tail, length)) : null;
    }

    private static bool TryRead(string text, out long? number)
    {
        number = null;
        if (text.Length == 0)
            return true;
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value);
        number = value;
        return isNumber;
    }
}
