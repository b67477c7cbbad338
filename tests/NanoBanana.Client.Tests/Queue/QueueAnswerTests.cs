using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Queue;

/// <summary>Answers of the queue dialect in documented and undocumented shapes.</summary>
public sealed class QueueAnswerTests
{
    private static readonly QueueDialect Dialect = new();

    [Fact]
    public void An_accepted_submission_is_pending_with_its_id_and_queue_position()
    {
        TaskReading reading = Dialect.ReadSubmitted(Reply("""
            {"request_id":"mmsu_01hx","response_url":"https://x","status_url":"https://x","cancel_url":"https://x","queue_position":4}
            """));

        Assert.Equal(("mmsu_01hx", ImageTaskStatus.Pending, 4), (reading.Id, reading.Status, reading.QueuePosition));
        Assert.Null(reading.RawStatus);
        Assert.Null(reading.RequestId);
    }

    [Theory]
    [InlineData("""{"detail":"No such ratio"}""", null, "No such ratio")]
    [InlineData("""{"error":"no","error_type":"REFUSED"}""", "REFUSED", "no")]
    public void An_answer_with_a_reason_and_no_id_is_a_rejection(string body, string? code, string message)
    {
        var error = Assert.Throws<NanoBananaException>(() => Dialect.ReadSubmitted(Reply(body)));

        Assert.Equal((NanoBananaErrorKind.InvalidRequest, code), (error.Kind, error.ProviderCode));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"request_id":""}""")]
    [InlineData("<html>")]
    [InlineData("")]
    public void An_answer_without_an_id_or_a_reason_is_not_a_task(string body) =>
        Assert.Equal(
            NanoBananaErrorKind.InvalidResponse, Assert.Throws<NanoBananaException>(() => Dialect.ReadSubmitted(Reply(body))).Kind);

    [Fact]
    public void Only_a_queued_task_has_a_position()
    {
        ImageTask queued = Snapshot("""{"status":"IN_QUEUE","queue_position":3}""");
        Assert.Equal((ImageTaskStatus.Pending, "IN_QUEUE", 3), (queued.Status, queued.RawStatus, queued.QueuePosition));

        ImageTask running = Snapshot("""{"status":"IN_PROGRESS","queue_position":0}""");
        Assert.Equal((ImageTaskStatus.Running, null), (running.Status, running.QueuePosition));
    }

    [Theory]
    [InlineData("""{"status":"COMPLETED","error":"boom","error_type":"INFERENCE_FAILURE"}""", "INFERENCE_FAILURE", "boom")]
    [InlineData("""{"status":"COMPLETED","error":"too slow","error_type":"INFERENCE_TIMEOUT"}""", "INFERENCE_TIMEOUT", "too slow")]
    [InlineData("""{"status":"COMPLETED","error":"boom"}""", null, "boom")]
    [InlineData(
        """{"status":"COMPLETED","error":null,"error_type":"INFERENCE_FAILURE"}""", "INFERENCE_FAILURE", "The provider gave no reason.")]
    [InlineData("""{"status":"COMPLETED","error":{"code":5001095,"message":"boom"},"error_type":"X"}""", "005001095", "boom")]
    [InlineData("""{"status":"FAILED"}""", null, "The provider gave no reason.")]
    public void A_task_that_completed_with_an_error_is_failed(string body, string? code, string message)
    {
        ImageTask task = Snapshot(body);

        Assert.Equal(ImageTaskStatus.Failed, task.Status);
        Assert.Equal((code, message), (task.Error!.Code, task.Error.Message));
    }

    [Theory]
    [InlineData("""{"status":"COMPLETED","error":null,"error_type":null}""")]
    [InlineData("""{"status":"COMPLETED","error":"","error_type":""}""")]
    [InlineData("""{"status":"COMPLETED","metrics":{"inference_time":1}}""")]
    public void An_empty_error_is_ignored(string body)
    {
        ImageTask task = Snapshot(body);

        Assert.Equal(ImageTaskStatus.Completed, task.Status);
        Assert.Null(task.Error);
    }

    [Theory]
    [InlineData("""{"status":"CANCELED"}""")]
    [InlineData("""{"status":"cancelled"}""")]
    [InlineData("""{"status":"COMPLETED","error":"stopped","error_type":"REQUEST_CANCELLED"}""")]
    [InlineData("""{"status":"COMPLETED","error":{"code":"canceled","message":"stopped"}}""")]
    public void A_canceled_task_is_not_failed_in_every_spelling(string body)
    {
        ImageTask task = Snapshot(body);

        Assert.Equal(ImageTaskStatus.Canceled, task.Status);
        Assert.Null(task.Error);
    }

    [Theory]
    [InlineData("CANCELLATION_REQUESTED")]
    [InlineData("CANCELING")]
    public void A_task_with_a_requested_cancel_is_running(string word)
    {
        TaskReading reading = Dialect.ReadPolled(Reply($$"""{"status":"{{word}}"}"""));

        Assert.Equal((ImageTaskStatus.Running, true), (reading.Status, reading.IsKnownStatus));
    }

    [Fact]
    public void A_result_has_described_images_texts_and_metadata()
    {
        ImageTask task = Snapshot(Dialect.ReadResult(Reply("""
            {"request_id":"mmsu_01hx","outputs":[
              {"type":"image","url":"https://cdn.example/a.png","content_type":"image/png","file_name":"a.png","file_size":4711,
               "width":2752,"height":1536},
              {"type":"text","text":"Here is your fox."},
              {"type":"hologram","url":"https://cdn.example/h"},
              {"type":"text","url":"https://cdn.example/a.txt"},
              {"type":"image","url":"https://cdn.example/b.jpg"}
            ],"metadata":{"seed":7,"timings":{"total":1.5}}}
            """)));

        Assert.Equal(
            [
                new ImageOutput
                {
                    Url = new Uri("https://cdn.example/a.png"), ContentType = "image/png", FileName = "a.png", FileSize = 4711,
                    Width = 2752, Height = 1536,
                },
                new ImageOutput { Url = new Uri("https://cdn.example/b.jpg") },
            ],
            task.Image);
        Assert.Equal(
            (ImageTaskStatus.Completed, "Here is your fox.", new Uri("https://cdn.example/a.txt")), (task.Status, task.Text, task.TextUrl));
        Assert.Equal(7L, task.Metadata!["seed"]);
        Assert.Null(task.RequestId);
    }

    [Fact]
    public void A_result_with_only_text_is_a_completed_task_without_images()
    {
        ImageTask task = Snapshot(Dialect.ReadResult(Reply("""{"outputs":[{"type":"text","text":"I can't draw that."}]}""")));

        Assert.Equal((ImageTaskStatus.Completed, "I can't draw that."), (task.Status, task.Text));
        Assert.Empty(task.Image);
    }

    [Fact]
    public void A_result_that_is_not_ready_has_the_status_of_the_task() =>
        Assert.Equal(ImageTaskStatus.Running, Dialect.ReadResult(Reply("""{"status":"IN_PROGRESS"}""", 202)).Status);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"request_id":"mmsu_01hx"}""")]
    [InlineData("""{"status":"COMPLETED"}""")]
    [InlineData("""{"outputs":{}}""")]
    [InlineData("<html>")]
    public void A_result_without_outputs_is_an_invalid_response(string body) =>
        Assert.Equal(NanoBananaErrorKind.InvalidResponse, Assert.Throws<NanoBananaException>(() => Dialect.ReadResult(Reply(body))).Kind);

    [Theory]
    [InlineData("{\"status\":@,\"queue_position\":1}")]
    [InlineData("{\"status\":\"IN_QUEUE\",\"queue_position\":@}")]
    [InlineData("{\"status\":\"COMPLETED\",\"error\":@,\"error_type\":\"X\"}")]
    [InlineData("{\"status\":\"COMPLETED\",\"error\":\"x\",\"error_type\":@}")]
    [InlineData("{\"request_id\":@,\"detail\":\"d\"}")]
    [InlineData("{\"detail\":@}")]
    [InlineData("{\"detail\":[@]}")]
    [InlineData("{\"detail\":[{\"loc\":@,\"msg\":@}]}")]
    [InlineData("{\"outputs\":@}")]
    [InlineData("{\"outputs\":[@]}")]
    [InlineData(
        "{\"outputs\":[{\"type\":\"image\",\"url\":\"https://a.example/\",\"file_size\":@,\"width\":@,\"file_name\":@}],\"metadata\":@}")]
    public void A_value_of_another_type_throws_only_a_NanoBananaException(string template)
    {
        string[] odd =
        [
            "null", "true", "0", "-1", "1e400", "99999999999999999999", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[[]]", "[null]", "{}",
            "{\"\\ud800bcdefgh\":1}",
        ];
        foreach (string value in odd)
        {
            WireReply reply = Reply(template.Replace("@", value, StringComparison.Ordinal));
            foreach (Func<WireReply, object> read
                in (Func<WireReply, object>[])[Dialect.ReadSubmitted, Dialect.ReadPolled, Dialect.ReadResult, r => HttpErrorBody.Read(r)])
            {
                Exception? thrown = Record.Exception(() => read(reply));
                Assert.True(thrown is null or NanoBananaException, $"{value}: {thrown}");
            }
        }
    }

    [Theory]
    [InlineData("""{"detail":"Request not found"}""", null, "Request not found")]
    [InlineData(
        """{"detail":[{"loc":["body","prompt"],"msg":"Field required","type":"missing"},{"msg":"Too long"}]}""",
        null,
        "body.prompt: Field required; Too long")]
    [InlineData("""{"detail":{"message":"Out of credit"}}""", null, "Out of credit")]
    [InlineData("""{"detail":["one","two"]}""", null, "one; two")]
    [InlineData("""{"detail":[]}""", null, null)]
    [InlineData("""{"error":"boom","error_type":"INFERENCE_FAILURE"}""", "INFERENCE_FAILURE", "boom")]
    public void An_error_body_is_read_in_every_shape(string body, string? code, string? message)
    {
        (string? readCode, string? readMessage, _) = HttpErrorBody.Read(Reply(body, 422));

        Assert.Equal((code, message), (readCode, readMessage));
    }

    private static WireReply Reply(string body, int status = 200) => new(status, Encoding.UTF8.GetBytes(body));

    private static ImageTask Snapshot(string body) => Snapshot(Dialect.ReadPolled(Reply(body)));

    private static ImageTask Snapshot(TaskReading reading) =>
        reading.ToSnapshot(new ImageTask { Id = "mmsu_01hx", Status = ImageTaskStatus.Running }, DateTimeOffset.UnixEpoch, age: null);
}
