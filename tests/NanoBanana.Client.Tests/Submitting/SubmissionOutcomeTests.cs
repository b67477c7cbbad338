using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Submitting;

/// <summary>
/// A submission costs money. If its outcome is unknown, it is never sent again and the error says so. If it was certainly not
/// accepted, the error is a different one.
/// </summary>
public sealed class SubmissionOutcomeTests : IDisposable
{
    private readonly TestBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string> UnclearAnswers =>
        [
            "timeout", "reset", "500", "501", "502", "503", "504", "520", "408", "303", "html 200", "empty 200", "204", "cut 200", "no id",
            "blank id", "null id", "empty error", "huge", "odd failure", "disposed",
        ];

    [Theory]
    [MemberData(nameof(UnclearAnswers))]
    public async Task A_submission_that_may_have_been_accepted_is_sent_once_and_reported_as_unknown(string what)
    {
        _bench.Api.Script(Unclear(what));

        NanoBananaException error = await _bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Contains("The image may be paid for, so the request is not sent again", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Api.Requests);
        Assert.Single(_bench.Observer.Traces, trace => trace.Method == "POST");
    }

    [Theory]
    [InlineData("..")]
    [InlineData(null)]
    public async Task An_id_that_cannot_be_requested_is_stored_and_reported(string? id)
    {
        id ??= new string('7', 70_000);
        _bench.Api.Script(Answer.Accepted(id));

        ImageTask task = await _bench.SubmitAsync();
        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.WaitAsync(task)));

        Assert.Equal(id, task.Id);
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("can't be used in an address", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Api.Requests);
    }

    [Theory]
    [InlineData("an id", "an%20id")]
    [InlineData("sch\u00F6n", "sch%C3%B6n")]
    public async Task An_unusual_id_is_one_segment_of_the_path(string id, string segment)
    {
        _bench.Api.Script(Answer.Accepted(id), Answer.Running());

        await _bench.GetAsync(await _bench.SubmitAsync());

        Assert.EndsWith("/task/" + segment, _bench.Api.Requests[1].Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_error_with_a_task_is_an_accepted_task()
    {
        _bench.Api.Script(Answer.Json("""{"id":"t9","status":"failed","error":"boom"}""", 500));

        Assert.Equal("t9", (await _bench.SubmitAsync()).Id);
    }

    [Fact]
    public async Task An_answer_with_the_image_is_a_completed_task()
    {
        _bench.Api.Script(Answer.Json("""{"created":1775831525,"data":[{"url":"https://cdn.example/a.png"}]}"""));

        ImageTask task = await _bench.SubmitAsync();

        Assert.Equal((ImageTaskStatus.Completed, 1), (task.Status, task.Image.Count));
        Assert.NotEmpty(task.Id);
    }

    [Fact]
    public async Task An_answer_with_the_image_keeps_its_id()
    {
        _bench.Api.Script(Answer.Json("""{"id":"t7","created":1775831525,"data":[{"url":"https://cdn.example/a.png"}]}"""));

        Assert.Equal("t7", (await _bench.SubmitAsync()).Id);
    }

    [Fact]
    public async Task Answers_with_images_and_no_id_get_different_ids()
    {
        Answer answer = Answer.Json("""{"created":1775831525,"data":[{"url":"https://cdn.example/a.png"}]}""");
        _bench.Api.Script(answer, answer);

        Assert.NotEqual((await _bench.SubmitAsync()).Id, (await _bench.SubmitAsync()).Id);
    }

    [Fact]
    public async Task An_id_with_slashes_stays_one_segment_of_the_path()
    {
        _bench.Api.Script(Answer.Accepted("../../v2/admin?x#y%2e"), Answer.Running());

        await _bench.GetAsync(await _bench.SubmitAsync());

        Assert.EndsWith(
            "/model/v1/generation/task/..%2F..%2Fv2%2Fadmin%3Fx%23y%252e", _bench.Api.Requests[1].Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, NanoBananaErrorKind.InvalidRequest)]
    [InlineData(401, NanoBananaErrorKind.ApiKeyRejected)]
    [InlineData(402, NanoBananaErrorKind.NotPermitted)]
    [InlineData(403, NanoBananaErrorKind.NotPermitted)]
    [InlineData(404, NanoBananaErrorKind.InvalidRequest)]
    [InlineData(405, NanoBananaErrorKind.InvalidRequest)]
    [InlineData(413, NanoBananaErrorKind.InvalidRequest)]
    [InlineData(422, NanoBananaErrorKind.InvalidRequest)]
    [InlineData(301, NanoBananaErrorKind.InvalidResponse)]
    [InlineData(307, NanoBananaErrorKind.InvalidResponse)]
    [InlineData(308, NanoBananaErrorKind.InvalidResponse)]
    public async Task A_rejected_submission_is_sent_once_and_reported_as_rejected(int status, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(Answer.Json("""{"error":{"code":5001095,"message":"no such luck"},"request_id":"req-9"}""", status));

        NanoBananaException error = await _bench.FailToSubmitAsync();

        Assert.Equal(kind, error.Kind);
        Assert.Equal((status, "005001095", "req-9"), (error.StatusCode, error.ProviderCode, error.RequestId));
        Assert.Contains("no such luck", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Api.Requests);
    }

    [Theory]
    [InlineData("""{"message":"the reason"}""", "The service reports: the reason")]
    [InlineData("""{"error":"the reason"}""", "The service reports: the reason")]
    [InlineData("""{"error":{"code":"x","message":"the reason"}}""", "The service reports: the reason")]
    [InlineData("""{"detail":"the reason"}""", "The service reports: the reason")]
    [InlineData("<html>nginx</html>", "an HTML page")]
    [InlineData("plain words", "'plain words'")]
    [InlineData("", "the service rejected the request (400).")]
    public async Task The_reason_is_found_in_every_known_body(string body, string expected)
    {
        _bench.Api.Script(Answer.Status(400, body));

        Assert.Contains(expected, (await _bench.FailToSubmitAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":{"code":5001097,"error_message":"prompt refused"},"request_id":"req-1"}""")]
    [InlineData("""{"error":{"code":"005001097","message":"prompt refused"},"id":null,"request_id":"req-1"}""")]
    [InlineData("""{"error":{"code":5001097,"message":"prompt refused"},"id":"","status":"failed","request_id":"req-1"}""")]
    public async Task A_good_status_with_an_error_and_no_id_is_a_rejection(string body)
    {
        _bench.Api.Script(Answer.Json(body));

        NanoBananaException error = await _bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(("005001097", "req-1"), (error.ProviderCode, error.RequestId));
        Assert.Contains("prompt refused", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Api.Requests);
    }

    [Theory]
    [InlineData(5001095)]
    [InlineData(5001096)]
    [InlineData(5001098)]
    [InlineData(5001099)]
    public async Task A_rejection_without_a_task_does_not_advise_to_pipe_a_task(int code)
    {
        _bench.Api.Script(Answer.Json($$$"""{"error":{"code":{{{code}}},"message":"no luck"}}"""));

        NanoBananaException error = await _bench.FailToSubmitAsync();

        Assert.Contains("no luck. Submit the input again", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pipe the task", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"t1","status":"failed","error":{"code":1,"message":"x"}}""", ImageTaskStatus.Running)]
    [InlineData("""{"id":"t1","status":"completed"}""", ImageTaskStatus.Running)]
    [InlineData("""{"id":"t1","status":"queued"}""", ImageTaskStatus.Pending)]
    [InlineData("""{"id":"t1"}""", ImageTaskStatus.Running)]
    public async Task An_answer_with_an_id_is_accepted_with_every_status(string body, ImageTaskStatus status)
    {
        _bench.Api.Script(Answer.Json(body, 201));

        ImageTask task = await _bench.SubmitAsync();

        Assert.Equal(("t1", status), (task.Id, task.Status));
        Assert.Null(task.Error);
    }

    [Fact]
    public async Task An_accepted_task_contains_its_request()
    {
        _bench.Api.Script(Answer.Accepted("t1").With("x-request-id", "req-7"));
        var request = new ImageRequest
        {
            Prompt = "a red fox", AspectRatio = "16:9", Resolution = "2K", ResponseModality = ["Image"],
            ImageUrl = ["https://a.example/1.png"], Name = "fox", InputIndex = 3,
        };

        ImageTask task = await _bench.Client.SubmitAsync(request, _bench.Observer, default);

        Assert.Equal(("a red fox", "16:9", "2K", "fox", 3), (task.Prompt, task.AspectRatio, task.Resolution, task.Name, task.InputIndex));
        Assert.Equal(["Image"], task.ResponseModality!);
        Assert.Equal(["https://a.example/1.png"], task.ImageUrl!);
        Assert.Equal(new Uri("https://api.example/"), task.Endpoint);
        Assert.Equal("req-7", task.RequestId);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1775831525), task.CreatedAt);
    }

    private static Answer Unclear(string what) => what switch
    {
        "timeout" => Answer.Silence,
        "reset" => Answer.Reset,
        "303" => Answer.Status(303).With("Location", "https://api.example/model/v1/generation/task/t1"),
        "html 200" => Answer.Status(200, "<html>Welcome</html>"),
        "empty 200" => Answer.Status(200),
        "cut 200" => Answer.Json("""{"id":"t1","sta"""),
        "no id" => Answer.Json("""{"status":"in_progress"}"""),
        "blank id" => Answer.Json("""{"id":" ","status":"in_progress"}"""),
        "null id" => Answer.Json("""{"id":null,"error":null}"""),
        "empty error" => Answer.Json("""{"error":{}}"""),
        "huge" => Answer.Bytes(new byte[9 * 1024 * 1024], "application/json"),
        "odd failure" => Answer.Failing(
            takesBody: true, () => new InvalidDataException("The archive entry was compressed using an unsupported method.")),
        "disposed" => Answer.Failing(takesBody: true, () => new ObjectDisposedException("stream")),
        _ => Answer.Status(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture), "boom"),
    };
}
