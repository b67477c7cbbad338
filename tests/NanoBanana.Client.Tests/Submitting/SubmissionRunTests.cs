using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Submitting;

public sealed class SubmissionRunTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly SubmissionRun _run;

    public SubmissionRunTests() => _run = _bench.Client.StartRun();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(401, NanoBananaErrorKind.ApiKeyRejected)]
    [InlineData(402, NanoBananaErrorKind.NotPermitted)]
    [InlineData(403, NanoBananaErrorKind.NotPermitted)]
    public async Task A_rejected_key_or_account_ends_submitting(int status, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(Answer.Accepted("t1"), Answer.Status(status));

        Assert.Equal("t1", (await SubmitAsync())!.Id);
        Assert.Null(await SubmitAsync());
        Assert.Null(await SubmitAsync());

        Assert.Equal(kind, _run.StopReason!.Kind);
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Ten_unknown_outcomes_in_a_row_end_submitting()
    {
        _bench.Api.Otherwise = _ => Answer.Reset;

        for (int i = 1; i <= 10; i++)
        {
            Assert.Null(_run.StopReason);
            await FailAsync(NanoBananaErrorKind.SubmissionUnknown);
        }

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, _run.StopReason!.Kind);
        Assert.Contains("10 submissions in a row", _run.StopReason.Message, StringComparison.Ordinal);
        Assert.Null(await SubmitAsync());
        Assert.Equal(10, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_success_resets_the_count()
    {
        _bench.Api.Script(
            [.. Enumerable.Repeat(Answer.Reset, 9), Answer.Accepted(), .. Enumerable.Repeat(Answer.Reset, 9), Answer.Accepted()]);

        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 9; i++)
                await FailAsync(NanoBananaErrorKind.SubmissionUnknown);
            Assert.NotNull(await SubmitAsync());
        }

        Assert.Null(_run.StopReason);
    }

    [Theory]
    [InlineData(400, NanoBananaErrorKind.InvalidRequest)]
    [InlineData(500, NanoBananaErrorKind.SubmissionUnknown)]
    public async Task One_rejected_request_does_not_end_submitting(int status, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(Answer.Status(status), Answer.Accepted("t2"));

        await FailAsync(kind);

        Assert.Equal("t2", (await SubmitAsync())!.Id);
    }

    [Theory]
    [InlineData(400, "", NanoBananaErrorKind.InvalidRequest)]
    [InlineData(404, """{"detail":"App not found: nano"}""", NanoBananaErrorKind.InvalidRequest)]
    [InlineData(200, """{"error":{"code":"1","message":"bad gateway settings"}}""", NanoBananaErrorKind.InvalidRequest)]
    public async Task Rejections_for_one_cause_in_a_row_end_submitting(int status, string body, NanoBananaErrorKind kind)
    {
        _bench.Api.Otherwise = _ => Answer.Json(body, status);

        int sent = 0;
        while (_run.StopReason is null && ++sent < 100)
            await FailAsync(kind);

        Assert.InRange(sent, 2, 16);
        Assert.Equal((kind, status), (_run.StopReason!.Kind, _run.StopReason.StatusCode));
        Assert.Contains("in a row failed for the same cause. The last error: ", _run.StopReason.Message, StringComparison.Ordinal);
        Assert.Null(await SubmitAsync());
        Assert.Equal(sent, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Failures_with_different_causes_do_not_end_submitting()
    {
        int number = 0;
        _bench.Api.Otherwise = _ => Answer.Status(++number % 2 == 0 ? 400 : 404);

        for (int i = 0; i < 50; i++)
            await FailAsync(NanoBananaErrorKind.InvalidRequest);

        Assert.Null(_run.StopReason);
    }

    [Theory]
    [InlineData(400, """{"error":{"code":"content_policy_violation","message":"The prompt is blocked."}}""")]
    [InlineData(400, """{"error":{"code":110001,"message":"no"}}""")]
    [InlineData(200, """{"error":{"message":"The image may violate our safety rules"}}""")]
    public async Task Rejections_because_of_the_input_do_not_end_submitting(int status, string body)
    {
        _bench.Api.Otherwise = _ => Answer.Json(body, status);

        for (int i = 0; i < 50; i++)
            await FailAsync(NanoBananaErrorKind.InvalidRequest);

        Assert.Null(_run.StopReason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task A_refused_connection_is_waited_for_once_for_all_prompts(int parallel)
    {
        _bench.Api.IsDown = _ => true;

        int prompts = 0;
        while (_run.StopReason is null && prompts < 1000)
        {
            Task<ImageTask?>[] submits = [.. Enumerable.Range(0, parallel).Select(_ => SubmitAsync())];
            prompts += parallel;
            await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAllAsync(submits));
        }

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, _run.StopReason!.Kind);
        Assert.InRange(_bench.Clock.Elapsed, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120));
        Assert.InRange(prompts, 1, 16);
    }

    [Fact]
    public async Task A_permanent_rate_limit_ends_submitting()
    {
        _bench.Api.Otherwise = _ => Answer.Status(429).RetryAfter(7200);

        int sent = 0;
        while (_run.StopReason is null && ++sent < 100)
            await FailAsync(NanoBananaErrorKind.RateLimited);

        Assert.InRange(sent, 2, 16);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_quota_error_with_status_429_ends_submitting_immediately()
    {
        _bench.Api.Otherwise = _ => Answer.Json(
            """{"error":{"code":"insufficient_quota","message":"You exceeded your current quota, check your plan and billing."}}""", 429);

        Assert.Null(await SubmitAsync());
        Assert.Equal(NanoBananaErrorKind.NotPermitted, _run.StopReason!.Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_submission_waiting_for_its_turn_when_submitting_ends_is_not_sent()
    {
        _bench.Api.Script(Answer.Status(429).RetryAfter(30), Answer.Accepted());
        Task<ImageTask?> waiting = SubmitAsync();

        _run.End(new NanoBananaException(NanoBananaErrorKind.WriteFailed, "The disk is full."));
        Assert.Null(await _bench.Clock.RunAsync(waiting));

        Assert.Equal(NanoBananaErrorKind.WriteFailed, _run.StopReason!.Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task Submissions_in_flight_when_submitting_ends_keep_their_tasks()
    {
        var held = new DelayedAnswer();
        _bench.Api.Script(held.Answer, Answer.Status(401));
        Task<ImageTask?> first = SubmitAsync();
        await held.Arrived;

        Assert.Null(await SubmitAsync());
        held.Release(Answer.Accepted("t1"));

        Assert.Equal("t1", (await first)!.Id);
    }

    private Task<ImageTask?> SubmitAsync() => _run.SubmitAsync(new ImageRequest { Prompt = "a red fox" }, _bench.Observer, default);

    private async Task FailAsync(NanoBananaErrorKind kind) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<NanoBananaException>(SubmitAsync)).Kind);
}
