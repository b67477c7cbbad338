using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Wire;

/// <summary>Whatever a server writes in place of what it promised, the only exception is the client's own.</summary>
public sealed class OddAnswerTests
{
    private const string Template = """
        {"id":"t","model":"m","status":"completed","created_at":1,"completed_at":"2026-04-10T14:32:05Z","progress":0.5,
         "output":[{"content":[{"type":"image","url":"https://a.example/","id":"i","img_id":1,"width":1,"content_type":"c","file_name":"f"},
                               {"type":"text","text":"x","url":"https://a.example/"}]}],
         "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":1,"cost":"1"},
         "metadata":{"k":"v"},"error":{"code":1,"error_message":"m","message":"m","detail":"d"},"cost":"1","request_id":"r"}
        """;

    private static readonly string[] OddValues =
    [
        "null", "true", "false", "0", "-1", "1e400", "-1e400", "99999999999999999999999999", "0.1", "\"\"", "\"x\"", "\"NaN\"",
        "\"Infinity\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "[[]]", "[null]", "[1]", "{}", "{\"a\":{}}", "{\"\\ud800bcdefghijklmnopqrstuv\":1}",
    ];

    [Fact]
    public void A_value_of_another_type_anywhere_never_throws_anything_else()
    {
        string[] paths = [.. Paths(JsonNode.Parse(Template)!, "")];
        Assert.True(paths.Length > 30);
        foreach (string path in paths)
        {
            foreach (string value in OddValues)
                Survives(Replace(path, value), $"{path} = {value}");
        }
    }

    [Theory]
    [InlineData("""{"\ud800bcdefghijklmnopqrstuv":1,"id":"t","status":"completed","output":[]}""")]
    [InlineData("""{"id":"t","status":"completed","output":[{"\udc00bcdefghijklmnop":1}],"\ud800":{}}""")]
    public void A_name_that_is_no_text_never_throws_anything_else(string body) => Survives(body, body);

    [Fact]
    public void Bytes_that_are_no_utf8_never_throw_anything_else()
    {
        byte[] body = Encoding.Latin1.GetBytes("{\"status\":\"completed\",\"id\":\"\u00FF\u00C0\",\"metadata\":{\"\u00FE\":1},\"text\":\"\u00FF\"}");

        Assert.Equal(ImageTaskStatus.Completed, Reading.Polled(body).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("<html><body>502</body></html>")]
    [InlineData("OK")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"task\"")]
    [InlineData("""{"id":"t"}{"id":"u"}""")]
    [InlineData("""{"id":"t","status":null}""")]
    [InlineData("""{"id":"t","status":{}}""")]
    [InlineData("""{"id":"t","status":" "}""")]
    public void What_is_not_a_task_is_an_invalid_response(string body)
    {
        var error = Assert.Throws<NanoBananaException>(() => Reading.Polled(body));

        Assert.Equal(NanoBananaErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("is not a task", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_that_is_a_number_is_a_word_not_known()
    {
        TaskReading reading = Reading.Polled("""{"status":3}""");

        Assert.Equal((ImageTaskStatus.Running, "3", false), (reading.Status, reading.RawStatus, reading.IsKnownStatus));
    }

    [Fact]
    public void An_output_that_is_no_list_is_a_completed_task_without_pictures() =>
        Assert.Empty(Reading.Snapshot("""{"status":"completed","output":{"content":[{"type":"image","url":"https://a.example/"}]}}""").Image);

    [Fact]
    public void Nesting_without_end_is_an_invalid_response() =>
        Assert.Throws<NanoBananaException>(() => Reading.Polled("{\"status\":\"queued\",\"metadata\":" + new string('[', 100_000)));

    private static void Survives(string body, string what)
    {
        try
        {
            _ = Reading.Snapshot(body);
            _ = Reading.Submitted(body);
        }
        catch (NanoBananaException)
        {
            // The client's own word for it.
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}");
        }
    }

    private static IEnumerable<string> Paths(JsonNode node, string path) => node switch
    {
        JsonObject o => o.SelectMany(p => Paths(p.Value!, $"{path}/{p.Key}").Prepend($"{path}/{p.Key}")).Distinct(),
        JsonArray a => a.SelectMany((item, i) => Paths(item!, $"{path}/{i}").Prepend($"{path}/{i}")).Distinct(),
        _ => [],
    };

    /// <summary>As text: a parser would refuse some of the values.</summary>
    private static string Replace(string path, string value)
    {
        JsonNode root = JsonNode.Parse(Template)!;
        JsonNode parent = root;
        string[] steps = path.Split('/')[1..];
        foreach (string step in steps[..^1])
            parent = parent is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : parent[step]!;
        if (parent is JsonArray array)
            array[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = "@@";
        else
            parent[steps[^1]] = "@@";
        return root.ToJsonString().Replace("\"@@\"", value);
    }
}
