using System.Globalization;

namespace NanoBanana.Lab.Fuzz;

/// <summary>JSON values and names that a server can send in an unexpected place.</summary>
internal static class OddValues
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "[]", "{}", "[[]]", "[null]", "[1]", "{\"\":{}}", "{\"a\":{\"a\":[{}]}}",
        "0", "-0", "-1", "1", "0.5", "-1e-400", "1e400", "-1e400", "1e308", "1e15", "1e16", "9007199254740993", "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809", "99999999999999999999999999999999999999", "253402300799", "253402300800", "-62135596801", "1775831525123",
        "1E+2", "0.1e1",
        "\"\"", "\" \"", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1e400\"", "\"-1\"", "\"79228162514264337593543950336\"", "\"0x10\"",
        "\"1,5\"", "\"٣\"",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83e\\udd8a\"", "\"\\u0000\"", "\"\\u001b[2J\\u001b]0;x\\u0007\"", "\"\\u009b31m\"",
        "\"\\u202e\\u2066\\u200f\\ufeff\"",
        "\"\\r\\n\\tx\\rfake\"", "\"\\u2028\\u2029\\u0085\"", "\"\\ufffe\\uffff\"", "\"\\/\\\\\\\"\"",
        "\"..\"", "\"../../etc/passwd\"", "\"a/b?c#d%2e\"", "\"CON\"", "\"id with spaces\"", "\"狐🦊\"",
        "\"file:///etc/passwd\"", "\"data:image/png;base64,iVBORw0KGgo=\"", "\"javascript:alert(1)\"", "\"ftp://a.example/x\"",
        "\"https://\"", "\"https:///x\"", "\"http://[::1\"",
        "\"http://[::1]:99999/\"", "\"https://user:word@a.example/\"", "\"//a.example/x\"", "\"/x\"", "\"HTTPS://A.EXAMPLE/\\u202e\"",
        "\"https://a.example/%E2%80%AE%1B\"", "\"http://a\\u0000b/\"",
        "\"https://xn--/\"", "\"https://a.example:0/\"", "\"https://\\ud83e\\udd8a.example/\"",
        "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"10000-01-01\"", "\"2026-02-30\"", "\"2026-04-10\"",
        "\"24:00\"", "\"10/04/2026 2 PM\"", "\"2026-04-10T14:32:05.99999999999Z\"",
        "\"completed\"", "\"COMPLETED\"", "\"failed\"", "\"canceled\"", "\"queued\"", "\"rendering\"", "\"image\"", "\"text\"",
        "\"5001095\"", "\"000000000\"", "5001095", "-5001095",
    ];

    private static readonly string[] Names =
    [
        "id", "status", "model", "created_at", "completed_at", "progress", "output", "outputs", "content", "type", "url", "text", "usage",
        "prompt_tokens", "total_tokens", "cost",
        "metadata", "error", "code", "message", "error_message", "detail", "request_id", "width", "height", "file_name", "response_url",
        "status_url", "error_type", "",
        "ID", "\\u0069d", "\\ud800", "\\ud800bcdefghijklmnopqrstuv", "\\u0000", "$type", "__proto__", "\\u001b[31m",
    ];

    public static string Name(Random random) => Names[random.Next(Names.Length)];

    public static string Value(Random random) => random.Next(40) switch
    {
        0 => $"\"{new string(random.Next(3) switch { 0 => 'x', 1 => '狐', _ => '/' }, random.Next(1, 100_000))}\"",
        1 => $"\"https://a.example/{new string('a', random.Next(1, 80_000))}\"",
        2 => string.Create(CultureInfo.InvariantCulture, $"{(random.Next(2) == 0 ? "-" : "")}{new string('9', random.Next(1, 2000))}"),
        3 => string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble() * Math.Pow(10, random.Next(-320, 308)):R}"),
        4 => Nested(random.Next(1, 200), random.Next(2) == 0),
        5 => $"[{string.Join(',', Enumerable.Repeat(Values[random.Next(Values.Length)], random.Next(1, 100)))}]",
        6 => $"\"{string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => $"\\u{random.Next(0x10000):x4}"))}\"",
        _ => Values[random.Next(Values.Length)],
    };

    private static string Nested(int depth, bool asObjects) => asObjects
        ? string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth)
        : new string('[', depth) + new string(']', depth);
}
