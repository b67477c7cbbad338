using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Wire;

/// <summary>Every shape in both dialects, as the answer to a poll and as the result of the queue dialect.</summary>
public sealed class AnswerShapeTests
{
    private static readonly GenerationDialect Generation = new();
    private static readonly QueueDialect Queue = new();

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "image", MemberType = typeof(AnswerShapes))]
    public void A_paid_image_is_found_and_ends_the_task(string _, string body) => Ends(body, AnswerShapes.Address);

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "address", MemberType = typeof(AnswerShapes))]
    public void An_image_whose_address_has_no_extension_is_found(string _, string body) => Ends(body, AnswerShapes.PlainAddress);

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "images", MemberType = typeof(AnswerShapes))]
    public void Each_of_several_images_is_found_once(string _, string body) => Ends(body, AnswerShapes.Address, AnswerShapes.SecondAddress);

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "inline", MemberType = typeof(AnswerShapes))]
    public void An_inline_image_is_found_and_decoded(string _, string body) => All(body, reading =>
    {
        Assert.Equal(ImageTaskStatus.Completed, reading.Status);
        ImageOutput image = Assert.Single(reading.Image);
        Assert.True(image.IsInline);
        Assert.Equal(Fakes.TestImages.Png(), image.Bytes);
    });

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "failed", MemberType = typeof(AnswerShapes))]
    public void A_failed_task_has_its_reason(string reason, string body) => All(body, reading =>
    {
        Assert.Equal(ImageTaskStatus.Failed, reading.Status);
        Assert.Equal(reason, $"{reading.Error!.Code ?? "-"} {reading.Error.Message}");
        Assert.Empty(reading.Image);
    });

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "running", MemberType = typeof(AnswerShapes))]
    public void A_running_task_continues_without_a_warning(string _, string body) => All(body, reading =>
    {
        Assert.True(reading.Status is ImageTaskStatus.Running or ImageTaskStatus.Pending, $"{reading.Status}");
        Assert.True(reading.IsKnownStatus);
        Assert.Empty(reading.Image);
    }, isResult: false);

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "canceled", MemberType = typeof(AnswerShapes))]
    public void A_canceled_task_is_canceled(string _, string body) =>
        All(body, reading => Assert.Equal(ImageTaskStatus.Canceled, reading.Status), isResult: false);

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "not-understood", MemberType = typeof(AnswerShapes))]
    public void An_output_that_is_not_understood_is_reported(string _, string body)
    {
        foreach (Func<WireReply, TaskReading> read in (Func<WireReply, TaskReading>[])[Generation.ReadPolled, Queue.ReadResult])
        {
            var error = Assert.Throws<NanoBananaException>(() => read(AnswerShapes.Reply(body)));
            Assert.Equal((NanoBananaErrorKind.InvalidResponse, true), (error.Kind, error.IsOutputNotUnderstood));
            Assert.StartsWith("{\"", error.AnswerBeginning, StringComparison.Ordinal);
            Assert.Contains("does not support the format of its output", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "text", MemberType = typeof(AnswerShapes))]
    public void A_text_without_images_is_a_completed_task(string _, string body) => All(body, reading =>
    {
        Assert.Equal((ImageTaskStatus.Completed, "words"), (reading.Status, reading.Text));
        Assert.Empty(reading.Image);
    });

    [Fact]
    public void An_answer_that_is_the_image_itself_is_an_inline_image()
    {
        var reply = new WireReply(200, Fakes.TestImages.Png()) { MediaType = "image/png", Address = new Uri("https://api.example/r") };

        foreach (TaskReading reading in (TaskReading[])[Generation.ReadPolled(reply), Queue.ReadResult(reply)])
            Assert.Equal((ImageTaskStatus.Completed, true), (reading.Status, Assert.Single(reading.Image).IsInline));
    }

    [Theory]
    [InlineData("/files/a.png", "https://api.example/files/a.png")]
    [InlineData("files/a.png", "https://api.example/files/a.png")]
    public void A_relative_address_is_resolved_against_the_address_of_the_answer(string url, string expected) =>
        Assert.Equal(
            expected,
            Assert.Single(
                Generation.ReadPolled(AnswerShapes.Reply($$"""{"status":"completed","output":["{{url}}"]}""")).Image).Url.AbsoluteUri);

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "accepted", MemberType = typeof(AnswerShapes))]
    public void A_submission_is_accepted_with_its_id(string id, string body)
    {
        foreach (IWireDialect dialect in (IWireDialect[])[Generation, Queue])
        {
            TaskReading reading = dialect.ReadSubmitted(AnswerShapes.Reply(body));
            Assert.Equal(id, reading.Id);
            Assert.Empty(reading.Image);
        }
    }

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "image-at-once", MemberType = typeof(AnswerShapes))]
    public void A_submission_whose_answer_contains_the_image_is_completed(string _, string body)
    {
        foreach (IWireDialect dialect in (IWireDialect[])[Generation, Queue])
        {
            TaskReading reading = dialect.ReadSubmitted(AnswerShapes.Reply(body));
            Assert.Equal((ImageTaskStatus.Completed, 1), (reading.Status, reading.Image.Count));
        }
    }

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "refused", MemberType = typeof(AnswerShapes))]
    public void A_rejection_with_a_good_status_is_a_rejection(string expected, string body)
    {
        string[] kindAndQuote = expected.Split(' ', 2);
        foreach (IWireDialect dialect in (IWireDialect[])[Generation, Queue])
        {
            var error = Assert.Throws<NanoBananaException>(() => dialect.ReadSubmitted(AnswerShapes.Reply(body)));
            Assert.Equal(kindAndQuote[0], error.Kind.ToString());
            Assert.Contains(kindAndQuote[1], error.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [MemberData(nameof(AnswerShapes.Of), "unknown", MemberType = typeof(AnswerShapes))]
    public void An_answer_without_a_task_or_a_rejection_is_an_unknown_outcome(string _, string body)
    {
        foreach (IWireDialect dialect in (IWireDialect[])[Generation, Queue])
            Assert.Equal(
                NanoBananaErrorKind.InvalidResponse,
                Assert.Throws<NanoBananaException>(() => dialect.ReadSubmitted(AnswerShapes.Reply(body))).Kind);
    }

    [Fact]
    public void Metadata_that_contains_image_data_is_shortened()
    {
        string data = Convert.ToBase64String(new byte[9000]);

        All($$"""{"status":"completed","output":["{{AnswerShapes.Address}}"],"metadata":{"copy":"{{data}}","seed":7} }""", reading =>
        {
            Assert.Equal("(12000 characters of data)", reading.Metadata!["copy"]);
            Assert.Equal(7L, reading.Metadata["seed"]);
        });
    }

    [Theory]
    [InlineData("""{"input_tokens":12,"output_tokens":1120,"cost":"0.067"}""", "0.067")]
    [InlineData("""{"inputTokens":12,"outputTokens":1120,"totalTokens":1132,"cost":0.067}""", "0.067")]
    [InlineData("""{"promptTokenCount":12,"candidatesTokenCount":1120,"cost":"$0.067"}""", "0.067")]
    [InlineData("""{"prompt_tokens":"12","completion_tokens":"1120","cost":"0,067 €"}""", "0.067")]
    [InlineData("""{"input_tokens":12,"output_tokens":1120,"cost":"USD 0.067"}""", "0.067")]
    [InlineData("""{"input_tokens":12,"output_tokens":1120,"cost":{"amount":"0.067","currency":"USD"}}""", "0.067")]
    [InlineData("""{"input_tokens":12,"output_tokens":1120,"cost":""}""", null)]
    public void Tokens_and_cost_are_read_in_every_form(string usage, string? cost) => All(
        $$"""{"status":"completed","output":["{{AnswerShapes.Address}}"],"usage":{{usage}}}""", reading =>
    {
        Assert.Equal((12, 1120, 1132), (reading.PromptTokens, reading.CompletionTokens, reading.TotalTokens));
        Assert.Equal(cost, reading.Cost?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    });

    [Theory]
    [InlineData("1775831525")]
    [InlineData("1775831525000")]
    [InlineData("1775831525000000")]
    [InlineData("1775831525000000000")]
    [InlineData("\"1775831525\"")]
    [InlineData("\"2026-04-10T14:32:05Z\"")]
    [InlineData("\"2026-04-10 14:32:05 UTC\"")]
    [InlineData("\"Fri, 10 Apr 2026 14:32:05 GMT\"")]
    public void A_time_is_read_in_every_unit(string time) => All(
        $$"""
        {"status":"completed","output":["{{AnswerShapes.Address}}"],"createdAt":{{time}},"metadata":{"completed_at":{{time}} } }
        """,
        reading =>
        Assert.Equal(
            (DateTimeOffset.FromUnixTimeSeconds(1775831525), DateTimeOffset.FromUnixTimeSeconds(1775831525)),
            (reading.CreatedAt, reading.CompletedAt)));

    [Theory]
    [InlineData("0.35")]
    [InlineData("35")]
    [InlineData("\"35%\"")]
    [InlineData("\"0.35\"")]
    [InlineData("{\"percentage\":35}")]
    public void Progress_is_read_in_every_form(string progress) =>
        All($$"""{"status":"running","progress":{{progress}}}""", reading => Assert.Equal(0.35, reading.Progress), isResult: false);

    [Theory]
    [InlineData("CONTENT_BLOCKED", "Change the prompt")]
    [InlineData("REQUEST_INVALID", "Fix the value that the message names")]
    [InlineData("INFERENCE_TIMEOUT", "try again")]
    [InlineData("40203", "Add credits")]
    [InlineData("7001097", "addresses of the input images")]
    public void An_error_has_suitable_advice(string code, string advice) =>
        Assert.Contains(
            advice,
            Queue.ReadPolled(AnswerShapes.Reply($$"""{"status":"COMPLETED","error":"x","error_type":"{{code}}"}""")).Error!.Advice,
            StringComparison.Ordinal);

    private static void Ends(string body, params string[] addresses) => All(body, reading =>
    {
        Assert.Equal(ImageTaskStatus.Completed, reading.Status);
        Assert.Equal(addresses, reading.Image.Select(image => image.Url.AbsoluteUri));
        Assert.All(reading.Image, image => Assert.False(image.IsInline));
        Assert.Null(reading.Error);
    });

    private static void All(string body, Action<TaskReading> check, bool isResult = true)
    {
        check(Generation.ReadPolled(AnswerShapes.Reply(body)));
        check(isResult ? Queue.ReadResult(AnswerShapes.Reply(body)) : Queue.ReadPolled(AnswerShapes.Reply(body)));
    }
}
