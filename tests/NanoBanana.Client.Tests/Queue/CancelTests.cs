namespace NanoBanana.Client.Tests.Queue;

/// <summary>After a cancel, the status of the task counts, not the answer to the cancel.</summary>
public sealed class CancelTests : QueueTest
{
    [Fact]
    public async Task A_cancel_in_time_returns_a_canceled_task()
    {
        Bench.Api.Script(Answer.Json("""{"status":"CANCELLATION_REQUESTED"}""", 202), QueueAnswer.Canceled());

        ImageTask task = await CancelAsync(CreateTask());

        Assert.Equal((ImageTaskStatus.Canceled, "a red fox"), (task.Status, task.Prompt));
        Assert.Equal([$"PUT {QueueAnswer.CancelAddress}", $"GET {QueueAnswer.StatusAddress}"], SentRequests);
        Assert.InRange(Bench.Api.Requests[1].At, TimeSpan.Zero, TimeSpan.FromSeconds(0.1));
    }

    [Fact]
    public async Task A_slow_cancel_is_polled_until_it_takes_effect()
    {
        Bench.Api.Script(
            Answer.Status(200),
            QueueAnswer.InProgress(),
            QueueAnswer.Status("CANCELLATION_REQUESTED"),
            QueueAnswer.InProgress(),
            QueueAnswer.Canceled());

        Assert.Equal(ImageTaskStatus.Canceled, (await CancelAsync(CreateTask())).Status);
        Assert.Single(SentRequests, request => request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, """{"status":"CANCELLATION_REQUESTED"}""")]
    [InlineData(202, "")]
    [InlineData(400, """{"status":"ALREADY_COMPLETED"}""")]
    [InlineData(409, """{"detail":"Too late"}""")]
    [InlineData(404, """{"status":"NOT_FOUND"}""")]
    [InlineData(410, "")]
    [InlineData(501, "")]
    public async Task A_paid_image_is_never_reported_as_canceled(int status, string body)
    {
        Bench.Api.Script(Answer.Json(body, status), QueueAnswer.Completed(), QueueAnswer.Result());

        ImageTask task = await CancelAsync(CreateTaskWithId());

        Assert.Equal(ImageTaskStatus.Completed, task.Status);
        Assert.Single(task.Image);
    }

    [Fact]
    public async Task A_task_that_failed_before_the_cancel_is_failed()
    {
        Bench.Api.Script(Answer.Status(400), Answer.Json("""{"status":"COMPLETED","error":"boom"}"""));

        Assert.Equal(ImageTaskStatus.Failed, (await CancelAsync(CreateTaskWithId())).Status);
    }

    [Theory]
    [InlineData(ImageTaskStatus.Completed)]
    [InlineData(ImageTaskStatus.Failed)]
    [InlineData(ImageTaskStatus.Canceled)]
    public async Task An_ended_task_is_returned_and_no_request_is_sent(ImageTaskStatus status)
    {
        ImageTask ended = CreateTask() with { Status = status };

        Assert.Same(ended, await CancelAsync(ended));
        Assert.Empty(Bench.Api.Requests);
    }

    [Fact]
    public async Task A_canceled_task_does_not_change_the_poll_schedule()
    {
        // The first task of a session is always polled immediately.
        Bench.Api.Script(QueueAnswer.InProgress(), QueueAnswer.Completed(), QueueAnswer.Result());
        await WaitAsync(CreateTask());
        for (int i = 0; i < 20; i++)
        {
            Bench.Api.Script(Answer.Status(202), QueueAnswer.Canceled());
            await CancelAsync(CreateTask());
        }
        Bench.Api.Script(QueueAnswer.Completed(), QueueAnswer.Result());
        TimeSpan start = Bench.Clock.Elapsed;

        await WaitAsync(CreateTask());

        Assert.True(Bench.Api.Requests[^2].At - start > TimeSpan.FromSeconds(0.8));
    }

    [Fact]
    public void At_most_sixteen_cancels_are_in_flight()
    {
        using var stop = new CancellationTokenSource();
        Bench.Api.Otherwise = _ => Answer.Silence;

        for (int i = 0; i < 40; i++)
            _ = Bench.Client.CancelAsync(CreateTask(), Bench.Observer, stop.Token);

        Assert.Equal(16, Bench.Api.Requests.Count);
        FakeClock.Inline(stop.Cancel);
    }

    [Fact]
    public async Task The_time_limit_of_a_cancel_starts_when_it_is_sent()
    {
        // The first sixteen use all of their time. The ones behind them have their own time.
        int sent = 0;
        Bench.Api.Otherwise = request => request.Method != "PUT"
            ? QueueAnswer.Canceled()
            : ++sent <= 16 ? Answer.Silence : Answer.Status(202);
        Task<ImageTask>[] crowd = [.. Enumerable.Range(0, 16).Select(_ => Bench.Client.CancelAsync(CreateTask(), Bench.Observer, default))];

        Task<ImageTask> last = Bench.Client.CancelAsync(CreateTask(), Bench.Observer, default);
        Bench.Clock.Run(30.5);

        // Its turn starts on another thread. The clock must not run until then, or its time would end before it starts.
        Assert.Equal(ImageTaskStatus.Canceled, (await Bench.Clock.RunAsync(last, steps: 0)).Status);

        foreach (Task<ImageTask> late in crowd)
            await FailAsync(late);
    }

    [Fact]
    public async Task A_cancel_is_retried_like_a_poll()
    {
        Bench.Api.Script(
            Answer.NeverConnected, Answer.Reset, Answer.Status(503), Answer.Status(429).RetryAfter(2), Answer.Status(500),
            Answer.Status(202), QueueAnswer.Canceled());

        Assert.Equal(ImageTaskStatus.Canceled, (await CancelAsync(CreateTask())).Status);
        Assert.Equal(6, SentRequests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_new_task_may_be_unknown_at_first()
    {
        Bench.Api.Script(QueueAnswer.NotFound(), QueueAnswer.NotFound(), Answer.Status(202), QueueAnswer.Canceled());

        Assert.Equal(ImageTaskStatus.Canceled, (await CancelAsync(CreateTask())).Status);
        Assert.Equal(3, SentRequests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_unknown_id_is_TaskNotFound()
    {
        Bench.Api.Otherwise = _ => QueueAnswer.NotFound();

        Assert.Equal(NanoBananaErrorKind.TaskNotFound, (await FailAsync(CancelAsync(CreateTaskWithId()))).Kind);
        Assert.Equal(2, Bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_task_not_found_after_an_accepted_cancel_is_canceled()
    {
        Bench.Api.Script(Answer.Status(202), QueueAnswer.NotFound());

        Assert.Equal(ImageTaskStatus.Canceled, (await CancelAsync(CreateTaskWithId())).Status);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task An_endpoint_without_cancellation_is_NotSupported(int status)
    {
        Bench.Api.Script(Answer.Status(status), QueueAnswer.InProgress());

        NanoBananaException error = await FailAsync(CancelAsync(CreateTaskWithId()));

        Assert.Equal((NanoBananaErrorKind.NotSupported, status), (error.Kind, error.StatusCode));
        Assert.Contains("is paid for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_cancel_of_a_running_task_is_an_error_with_the_reason_of_the_service()
    {
        Bench.Api.Script(Answer.Json("""{"detail":"Not yours"}""", 422), QueueAnswer.InProgress());

        NanoBananaException error = await FailAsync(CancelAsync(CreateTaskWithId()));

        Assert.Equal((NanoBananaErrorKind.InvalidRequest, 422), (error.Kind, error.StatusCode));
        Assert.Contains("Not yours", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, NanoBananaErrorKind.ApiKeyRejected)]
    [InlineData(403, NanoBananaErrorKind.NotPermitted)]
    [InlineData(307, NanoBananaErrorKind.InvalidResponse)]
    public async Task A_rejected_key_is_an_error_immediately(int status, NanoBananaErrorKind kind)
    {
        Bench.Api.Script(Answer.Status(status));

        Assert.Equal(kind, (await FailAsync(CancelAsync(CreateTaskWithId()))).Kind);
        Assert.Single(Bench.Api.Requests);
    }

    [Fact]
    public async Task A_cancel_without_effect_ends_in_time_with_the_current_task()
    {
        Bench.Api.Otherwise = request => request.Method == "PUT" ? Answer.Status(202) : QueueAnswer.InProgress();

        ImageTask task = await CancelAsync(CreateTask());

        Assert.Equal(ImageTaskStatus.Running, task.Status);
        Assert.InRange(Bench.Api.Requests[^1].At, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
        Assert.InRange(Bench.Api.Requests.Count, 5, 60);
    }

    [Fact]
    public async Task An_unavailable_service_is_an_error_in_time()
    {
        Bench.Api.Otherwise = _ => Answer.Status(503);

        Assert.Equal(NanoBananaErrorKind.ServiceUnavailable, (await FailAsync(CancelAsync(CreateTask()))).Kind);
        Assert.InRange(Bench.Api.Requests[^1].At, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task In_the_generation_dialect_cancellation_is_not_supported_and_no_request_is_sent()
    {
        using var bench = new TestBench();

        NanoBananaException error = await FailAsync(bench.Client.CancelAsync(bench.CreateTask(), bench.Observer, default));

        Assert.Equal(NanoBananaErrorKind.NotSupported, error.Kind);
        Assert.Contains("-Protocol Queue", error.Message, StringComparison.Ordinal);
        Assert.Equal(NanoBananaErrorKind.NotSupported, Assert.Throws<NanoBananaException>(bench.Client.RequireCancellation).Kind);
        Assert.Empty(bench.Api.Requests);
    }

    [Fact]
    public async Task A_stop_ends_a_cancel()
    {
        using var stop = new CancellationTokenSource();
        var held = new DelayedAnswer();
        Bench.Api.Script(held.Answer);
        Task<ImageTask> cancel = Bench.Client.CancelAsync(CreateTask(), Bench.Observer, stop.Token);
        await held.Arrived;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancel);
    }
}
