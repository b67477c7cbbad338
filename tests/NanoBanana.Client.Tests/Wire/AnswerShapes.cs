using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Wire;

/// <summary>The table of shapes in <c>answer-shapes.txt</c>: the meaning of an answer, a bar, and the answer.</summary>
internal static class AnswerShapes
{
    public const string Address = "https://cdn.example/a.png", SecondAddress = "https://cdn.example/b.png";
    public const string PlainAddress = "https://cdn.example/img/7d1c?sig=x", SentAddress = "https://cdn.example/in.png";

    private static readonly byte[] Other = [.. Fakes.TestImages.Png(), 0];

    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["A"] = Address,
        ["B"] = SecondAddress,
        ["N"] = PlainAddress,
        ["P"] = Convert.ToBase64String(Fakes.TestImages.Png()),
        ["Q"] = Convert.ToBase64String(Other),
    };

    /// <summary>The rows with one meaning: the rest of the meaning column, and the answer.</summary>
    public static TheoryData<string, string> Of(string meaning)
    {
        using Stream table = typeof(AnswerShapes).Assembly.GetManifestResourceStream("answer-shapes.txt")!;
        using var reader = new StreamReader(table, Encoding.UTF8);
        var rows = new TheoryData<string, string>();
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(" | ", 2);
            string[] words = parts[0].Split(' ', 2);
            if (words[0] == meaning)
                rows.Add(words.Length > 1 ? words[1] : "", parts[1]);
        }
        return rows;
    }

    /// <summary>The answer with addresses and images in place of its letters.</summary>
    public static WireReply Reply(string body)
    {
        string json = Regex.Replace(body, """(?<=["(,]| |//)[ABNPQ](?=["),\\ ])""", letter => Values[letter.Value]);
        return new(200, Encoding.UTF8.GetBytes(json)) { Address = new Uri("https://api.example/model/v1/x"), SentImages = [SentAddress] };
    }
}
