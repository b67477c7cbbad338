using System.Text;
using System.Text.Json;
using NanoBanana.Client.Http;

namespace NanoBanana.Lab.Fuzz;

/// <summary>
/// Creates an odd answer from a known one: values of other types, duplicate names, long lists, and cut, spliced or damaged bytes. It
/// changes values and names at their positions, so that most answers pass the parser and reach our readers.
/// </summary>
internal static class BodyMutator
{
    /// <summary>Creates the body with a number. The same seed and number create the same body.</summary>
    public static byte[] Make(int seed, int number)
    {
        var random = new Random(unchecked((seed * 486_187_739) ^ (number * 16_777_619)));
        byte[] body = Pick(random);
        for (int changes = 1 + random.Next(5); changes > 0; changes--)
            body = Change(body, random);
        // A larger body does not reach a reader.
        return body.Length <= HttpTransport.MaximumReplyBytes ? body : body[..HttpTransport.MaximumReplyBytes];
    }

    private static byte[] Pick(Random random) => KnownAnswers.Bodies[random.Next(KnownAnswers.Bodies.Count)];

    private static byte[] Change(byte[] body, Random random)
    {
        switch (random.Next(24))
        {
            case < 12:
                return OnToken(body, random, isName: false, _ => OddValues.Value(random));
            case < 14:
                return OnToken(body, random, isName: true, _ => $"\"{OddValues.Name(random)}\"");
            case < 16:
                return OnToken(body, random, isName: true, name => $"\"{OddValues.Name(random)}\":{OddValues.Value(random)},{name}");
            case 16:
                return OnToken(body, random, isName: false, value => Wrap(value, random));
            case 17:
                return OnToken(body, random, isName: false, value => Repeat(value, random));
            case 18:
                return body[..random.Next(body.Length + 1)];
            case 19:
                return Splice(body, Pick(random), random);
            case 20:
                return Flip(body, random);
            case 21:
                return Recode(body, random);
            default:
                byte[] noise = new byte[random.Next(1, 8)];
                random.NextBytes(noise);
                int at = random.Next(body.Length + 1);
                return [.. body[..at], .. noise, .. body[at..]];
        }
    }

    private static string Repeat(string value, Random random)
    {
        bool isLong = random.Next(50) == 0 && value.Length < 1000;
        return string.Join(',', Enumerable.Repeat(value, isLong ? 10_000 : random.Next(2, 20)));
    }

    private static string Wrap(string value, Random random)
    {
        int depth = random.Next(8) == 0 ? 70 : random.Next(1, 4);
        return random.Next(2) == 0
            ? new string('[', depth) + value + new string(']', depth)
            : string.Concat(Enumerable.Repeat($"{{\"{OddValues.Name(random)}\":", depth)) + value + new string('}', depth);
    }

    private static byte[] Splice(byte[] a, byte[] b, Random random) =>
        [.. a[..random.Next(a.Length + 1)], .. b[random.Next(b.Length + 1)..]];

    private static byte[] Flip(byte[] body, Random random)
    {
        byte[] changed = [.. body];
        for (int times = random.Next(1, 4); times > 0 && changed.Length > 0; times--)
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static byte[] Recode(byte[] body, Random random) => random.Next(5) switch
    {
        0 => [0xEF, 0xBB, 0xBF, .. body],
        1 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body)),
        2 => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Encoding.UTF8.GetString(body))],
        3 => [.. "\t\r\n /* c */ "u8, .. body, .. " // end"u8],
        _ => Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(body).Replace('a', 'é')),
    };

    /// <summary>Rewrites one value (a scalar, a list or an object) or one name. If the body is not JSON, it appends the new text.</summary>
    private static byte[] OnToken(byte[] body, Random random, bool isName, Func<string, string> rewrite)
    {
        List<(int Start, int End)> tokens = Tokens(body, isName);
        (int start, int end) = tokens.Count == 0 ? (body.Length, body.Length) : tokens[random.Next(tokens.Count)];
        return [.. body[..start], .. Encoding.UTF8.GetBytes(rewrite(Encoding.UTF8.GetString(body, start, end - start))), .. body[end..]];
    }

    private static List<(int Start, int End)> Tokens(byte[] body, bool names)
    {
        var found = new List<(int, int)>();
        var open = new Stack<int>();
        var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 256 };
        var reader = new Utf8JsonReader(body, options);
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartArray or JsonTokenType.StartObject:
                        open.Push(start);
                        break;
                    case JsonTokenType.EndArray or JsonTokenType.EndObject:
                        start = open.Pop();
                        if (!names)
                            found.Add((start, (int)reader.BytesConsumed));
                        break;
                    default:
                        bool isQuoted = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
                        if (names == (reader.TokenType == JsonTokenType.PropertyName))
                            found.Add((start, start + reader.ValueSpan.Length + (isQuoted ? 2 : 0)));
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // The tokens before the error are enough.
        }
        return found;
    }
}
