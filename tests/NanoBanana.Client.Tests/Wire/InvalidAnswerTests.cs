using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Wire;

/// <summary>For every invalid answer of a server, the client throws only its own exception.</summary>
public sealed class InvalidAnswerTests
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
        "\"Infinity\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "[[]]", "[null]", "[1]", "{}", "{\"a\":{}}",
        "{\"\\ud800bcdefghijklmnopqrstuv\":1}",
    ];

    [Fact]
    public void A_value_of_another_type_throws_only_a_NanoBananaException()
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
    public void An_invalid_property_name_throws_only_a_NanoBananaException(string body) => Survives(body, body);

    [Theory]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    public void A_list_of_maximum_depth_throws_only_a_NanoBananaException(int depth) =>
        Survives($"[\"x\",{new string('[', depth)}{new string(']', depth)}]", $"{depth} levels");

    [Fact]
    public void Unpaired_surrogates_are_replaced_and_pairs_are_not()
    {
        const string text = """\ud83e\udd8a \uD83E\uDD8A \ud800 \udc00\ud83e \\ud800 \\\ud800x""";

        TaskReading reading = Reading.Polled($$"""{"status":"{{text}}","\udfff":1,"metadata":{"\ud800":"\udbff\u0041"} }""");

        Assert.Equal("🦊 🦊 \uFFFD \uFFFD\uFFFD \\ud800 \\\uFFFDx", reading.RawStatus);
        Assert.Equal("\uFFFDA", reading.Metadata!["\uFFFD"]);
    }

    /// <summary>Each such name caused an exception, and a body of 8 MB can contain hundreds of thousands.</summary>
    [Fact]
    public async Task A_body_with_many_invalid_names_is_read_quickly()
    {
        string item = """{"\ud800bcdefghijklmnopqrstuv":1},""";
        string items = string.Concat(Enumerable.Repeat(item, 200_000));
        string body = $$"""{"id":"t","status":"completed","output":[{"content":[{{items}}{"type":"text","text":"words"}]}]}""";

        Assert.Empty((await Task.Run(() => Reading.Snapshot(body)).WaitAsync(TimeSpan.FromSeconds(30))).Image);
    }

#if NET // .NET Framework does not count allocations per thread.
    /// <summary>Each text was added to a copy of all texts before it: 200,000 short ones allocated a hundred gigabytes.</summary>
    [Fact]
    public void Many_texts_are_joined_once()
    {
        string texts = string.Concat(Enumerable.Repeat("""{"type":"text","text":"a"},""", 200_000));
        long before = GC.GetAllocatedBytesForCurrentThread();

        TaskReading reading = Reading.Polled($$"""{"status":"completed","output":[{"content":[{{texts}}{}]}]}""");

        Assert.Equal(2 * 200_000 - 1, reading.Text!.Length);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000_000);
    }
#endif

    [Fact]
    public void Metadata_of_maximum_depth_is_kept_by_the_journal()
    {
        string kept = TaskSnapshot.Write(
            Reading.Snapshot($$"""{"status":"completed","metadata":{"deep":{{new string('[', 62)}}{{new string(']', 62)}}} }"""));

        Assert.Equal(kept, TaskSnapshot.Write(TaskSnapshot.Read(kept)));
    }

    [Theory]
    [InlineData("-0")]
    [InlineData("-1e-400")]
    [InlineData("0.0")]
    public void A_zero_is_read_from_the_journal_as_it_was_written(string zero)
    {
        string kept = TaskSnapshot.Write(Reading.Snapshot($$"""{"status":"completed","metadata":{"n":{{zero}},"list":[{{zero}}]} }"""));

        Assert.Equal(kept, TaskSnapshot.Write(TaskSnapshot.Read(kept)));
    }

    [Fact]
    public void Invalid_UTF8_throws_only_a_NanoBananaException()
    {
        byte[] body = Encoding.Latin1.GetBytes(
            "{\"status\":\"completed\",\"id\":\"\u00FF\u00C0\",\"metadata\":{\"\u00FE\":1},\"text\":\"\u00FF\"}");

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
    public void A_body_that_is_not_a_task_is_an_invalid_response(string body)
    {
        var error = Assert.Throws<NanoBananaException>(() => Reading.Polled(body));

        Assert.Equal(NanoBananaErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("is not a task", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_numeric_status_is_an_unknown_status()
    {
        TaskReading reading = Reading.Polled("""{"status":3}""");

        Assert.Equal((ImageTaskStatus.Running, "3", false), (reading.Status, reading.RawStatus, reading.IsKnownStatus));
    }

    [Fact]
    public void The_image_of_an_output_that_is_not_a_list_is_found() =>
        Assert.Single(
            Reading.Snapshot("""{"status":"completed","output":{"content":[{"type":"image","url":"https://a.example/"}]}}""").Image);

    [Fact]
    public void Excessive_nesting_is_an_invalid_response() =>
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
            // The exception of the client.
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

    /// <summary>Replaces in text because a parser would refuse some of the values.</summary>
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
