namespace NanoBanana.Client.Tests.Polling;

/// <summary>A failed poll costs nothing, so only a permanent failure ends a wait.</summary>
public sealed class PollFailureTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string> TransientFailures =>
        ["never", "reset", "408", "400", "500", "502", "503", "504", "307", "garbage", "empty", "no status", "huge", "odd"];

    [Theory]
    [MemberData(nameof(TransientFailures))]
    public async Task A_transient_failure_does_not_end_the_wait(string what)
    {
        _bench.Api.Script([.. Enumerable.Repeat(FailureOf(what), 20), Answer.Completed()]);

        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        Assert.Equal(ImageTaskStatus.Completed, task.Status);
        Assert.Equal(21, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task After_repeated_failures_polls_become_less_frequent()
    {
        _bench.Api.Script([.. Enumerable.Repeat(Answer.Status(500), 8), Answer.Completed()]);

        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        double[] pauses = [.. _bench.Api.Requests.Zip(_bench.Api.Requests.Skip(1), (a, b) => Math.Round((b.At - a.At).TotalSeconds, 1))];
        Assert.Equal([0.5, 1, 2, 4, 8, 15, 15, 15], pauses);
    }

    [Fact]
    public async Task A_429_is_waited_out()
    {
        _bench.Api.Script(Answer.Status(429).RetryAfter(40), Answer.Completed());

        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        Assert.InRange(_bench.Api.Requests[1].At, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(44));
    }

    [Theory]
    [InlineData(401, NanoBananaErrorKind.ApiKeyRejected)]
    [InlineData(402, NanoBananaErrorKind.NotPermitted)]
    [InlineData(403, NanoBananaErrorKind.NotPermitted)]
    public async Task A_rejected_key_ends_the_wait_immediately(int status, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(Answer.Running(), Answer.Status(status));

        NanoBananaException error = await FailAsync(_bench.CreateTask("t1"));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(("t1", "in_progress"), (error.TaskId, error.Task!.RawStatus));
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_new_task_may_be_unknown_at_first()
    {
        _bench.Api.Otherwise = r => r.At < TimeSpan.FromSeconds(8) ? Answer.Status(404) : Answer.Completed();

        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        Assert.Equal(ImageTaskStatus.Completed, task.Status);
        Assert.True(_bench.Api.Requests.Count > 2);
    }

    [Fact]
    public async Task A_task_still_unknown_after_ten_seconds_is_TaskNotFound()
    {
        _bench.Api.Otherwise = _ => Answer.Json("""{"detail":"Request not found"}""", 404);

        NanoBananaException error = await FailAsync(_bench.CreateTask("t1"));

        Assert.Equal((NanoBananaErrorKind.TaskNotFound, "t1", 404), (error.Kind, error.TaskId, error.StatusCode));
        Assert.Contains("Request not found", error.Message, StringComparison.Ordinal);
        Assert.InRange(_bench.Api.Requests[^1].At, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_unknown_task_given_only_by_id_is_TaskNotFound_immediately()
    {
        _bench.Api.Otherwise = _ => Answer.Status(404);

        Assert.Equal(NanoBananaErrorKind.TaskNotFound, (await FailAsync(_bench.Client.TaskById("t1", _bench.Observer))).Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_poll_without_an_answer_ends_after_its_own_time_out()
    {
        _bench.Api.Script(Answer.Silence, Answer.Completed());

        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        Assert.InRange(_bench.Api.Requests[1].At, TimeSpan.FromSeconds(30.4), TimeSpan.FromSeconds(31));
    }

    private Task<NanoBananaException> FailAsync(ImageTask task) =>
        Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.WaitAsync(task)));

    private static Answer FailureOf(string what) => what switch
    {
        "never" => Answer.NeverConnected,
        "reset" => Answer.Reset,
        "garbage" => Answer.Status(200, "<html>maintenance</html>"),
        "empty" => Answer.Status(200),
        "no status" => Answer.Json("""{"id":"t1"}"""),
        "huge" => Answer.Bytes(new byte[9 * 1024 * 1024], "application/json"),
        "odd" => Answer.Failing(takesBody: true, () => new InvalidDataException("bad gzip")),
        _ => Answer.Status(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture), "boom"),
    };
}
