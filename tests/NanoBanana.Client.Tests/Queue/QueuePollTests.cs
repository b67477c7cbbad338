namespace NanoBanana.Client.Tests.Queue;

/// <summary>A poll of the queue dialect: the status, and immediately after it the result of a completed task.</summary>
public sealed class QueuePollTests : QueueTest
{
    [Fact]
    public async Task A_wait_requests_the_result_only_after_the_status_is_completed()
    {
        Bench.Api.Script(
            QueueAnswer.InQueue(), QueueAnswer.InProgress(), QueueAnswer.Completed(), QueueAnswer.Result("https://cdn.example/p.png"));

        ImageTask task = await WaitAsync(CreateTask());

        Assert.Equal(
            [QueueAnswer.StatusAddress, QueueAnswer.StatusAddress, QueueAnswer.StatusAddress, QueueAnswer.ResultAddress],
            Bench.Api.Requests.Select(request => request.Address));
        Assert.Equal((ImageTaskStatus.Completed, "COMPLETED"), (task.Status, task.RawStatus));
        Assert.Equal(
            new ImageOutput
            {
                Url = new Uri("https://cdn.example/p.png"), ContentType = "image/png", FileName = "p.png", FileSize = 12345, Width = 1024,
                Height = 768,
            },
            Assert.Single(task.Image));
        Assert.Equal(Bench.Api.Requests[2].At, Bench.Api.Requests[3].At);
    }

    [Fact]
    public async Task A_submission_is_pending_and_has_its_protocol()
    {
        Bench.Api.Script(QueueAnswer.Accepted());

        ImageTask task = await Bench.SubmitAsync();

        Assert.Equal(
            (QueueAnswer.Id, ImageTaskStatus.Pending, 3, ApiProtocol.Queue), (task.Id, task.Status, task.QueuePosition, task.Protocol));
        Assert.Null(task.RawStatus);
    }

    [Fact]
    public async Task A_failed_task_ends_the_wait_without_a_result()
    {
        Bench.Api.Script(Answer.Json("""{"status":"COMPLETED","error":"boom","error_type":"INFERENCE_FAILURE"}"""));

        ImageTask task = await WaitAsync(CreateTask());

        Assert.Equal((ImageTaskStatus.Failed, "INFERENCE_FAILURE", "boom"), (task.Status, task.Error!.Code, task.Error.Message));
        Assert.Single(Bench.Api.Requests);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("silence")]
    [InlineData("garbage")]
    [InlineData("without outputs")]
    [InlineData("500")]
    [InlineData("not ready")]
    public async Task A_missing_result_is_requested_again_and_the_wait_continues(string what)
    {
        Answer failure = what switch
        {
            "reset" => Answer.Reset,
            "silence" => Answer.Silence,
            "garbage" => Answer.Status(200, "<html>"),
            "without outputs" => QueueAnswer.Completed(),
            "not ready" => QueueAnswer.InProgress(status: 202),
            _ => Answer.Status(500),
        };
        for (int i = 0; i < 10; i++)
            Bench.Api.Script(QueueAnswer.Completed(), failure);
        Bench.Api.Script(QueueAnswer.Completed(), QueueAnswer.Result());

        ImageTask task = await WaitAsync(CreateTaskWithId(), seconds: 6000);

        Assert.Single(task.Image);
        Assert.Equal(22, Bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Failing_results_are_requested_less_frequently_despite_a_good_status()
    {
        for (int i = 0; i < 6; i++)
            Bench.Api.Script(QueueAnswer.Completed(), Answer.Status(503));
        Bench.Api.Script(QueueAnswer.Completed(), QueueAnswer.Result());

        await WaitAsync(CreateTask());

        TimeSpan[] results =
            [.. Bench.Api.Requests.Where(request => request.Address == QueueAnswer.ResultAddress).Select(request => request.At)];
        Assert.Equal([0.5, 1, 2, 4, 8, 15], results.Zip(results.Skip(1), (a, b) => Math.Round((b - a).TotalSeconds, 1)));
    }

    [Fact]
    public async Task A_failing_result_counts_as_a_retry_of_a_single_poll()
    {
        Bench.Api.Otherwise = request => request.Address == QueueAnswer.StatusAddress ? QueueAnswer.Completed() : Answer.Status(500);

        NanoBananaException error = await FailAsync(Bench.Clock.RunAsync(Bench.GetAsync(CreateTask())));

        Assert.Equal(NanoBananaErrorKind.ServiceUnavailable, error.Kind);
        Assert.Equal(10, Bench.Api.Requests.Count);
        Assert.NotEqual(ImageTaskStatus.Completed, error.Task!.Status);
    }

    [Fact]
    public async Task The_deadline_limits_the_second_request()
    {
        Bench.Api.Otherwise = request => request.Address == QueueAnswer.StatusAddress ? QueueAnswer.Completed() : Answer.Silence;

        NanoBananaException error = await FailAsync(WaitAsync(CreateTask(), seconds: 20));

        Assert.Equal(NanoBananaErrorKind.TaskTimeout, error.Kind);
        Assert.Contains("did not answer in time", error.Message, StringComparison.Ordinal);
        Assert.InRange(Bench.Clock.Elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.5));
    }

    [Fact]
    public async Task A_429_of_another_request_delays_the_second_request()
    {
        var held = new DelayedAnswer();
        Bench.Api.Script(held.Answer);
        Task<ImageTask> wait = Bench.WaitAsync(CreateTask());
        Bench.Clock.Run(2);
        await held.Arrived;
        Bench.Api.Script(Answer.Status(429).RetryAfter(30));
        Bench.Api.Otherwise = request => request.Address == QueueAnswer.ResultAddress ? QueueAnswer.Result() : QueueAnswer.InProgress();
        Task<ImageTask> other = Bench.GetAsync(CreateTaskWithId());
        Bench.Clock.Run(1);
        await Task.Run(() => held.Release(QueueAnswer.Completed())); // No synchronization context defers the continuations.
        Bench.Clock.Run(20);
        Assert.Equal(2, Bench.Api.Requests.Count);

        await Bench.Clock.RunAsync(wait);

        Assert.All(Bench.Api.Requests.Skip(2), request => Assert.True(request.At > TimeSpan.FromSeconds(31)));
        await Bench.Clock.RunAsync(other);
    }

    [Fact]
    public async Task An_unknown_id_is_not_requested_again()
    {
        Bench.Api.Otherwise = _ => QueueAnswer.NotFound();

        NanoBananaException error = await FailAsync(WaitAsync(CreateTaskWithId()));

        Assert.Equal((NanoBananaErrorKind.TaskNotFound, QueueAnswer.Id), (error.Kind, error.TaskId));
        Assert.Contains("Request not found", error.Message, StringComparison.Ordinal);
        Assert.Single(Bench.Api.Requests);
    }
}
