namespace NanoBanana.Client.Tests.Files;

/// <summary>Links expire after about a day. One poll of the task gets a new link.</summary>
public sealed class ExpiredLinkTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { MaximumRetryCount = 0 });
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_expired_link_is_replaced_by_a_poll(int status)
    {
        _bench.Downloads.Script(Answer.Status(status, "<Error>expired</Error>"), Answer.Bytes(TestImages.Png()));
        _bench.Api.Script(Answer.Completed("https://cdn.example/new"));

        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/old"), _folder.Target());

        Assert.Equal(["https://cdn.example/old", "https://cdn.example/new"], _bench.Downloads.Requests.Select(r => r.Address));
        Assert.Single(_bench.Api.Requests);
        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
    }

    [Fact]
    public async Task A_new_link_that_fails_ends_the_download()
    {
        _bench.Downloads.Otherwise = _ => Answer.Status(403);
        _bench.Api.Otherwise = _ => Answer.Completed("https://cdn.example/new");

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/old"), _folder.Target()));

        Assert.Equal((NanoBananaErrorKind.DownloadFailed, 403, "task1"), (error.Kind, error.StatusCode, error.TaskId));
        Assert.Equal((2, 1), (_bench.Downloads.Requests.Count, _bench.Api.Requests.Count));
        Assert.Empty(_folder.Files);
    }

    /// <summary>Servers of one provider can return different states.</summary>
    [Fact]
    public async Task A_poll_for_a_new_link_that_reports_an_earlier_status_is_repeated()
    {
        _bench.Downloads.Otherwise = r => r.Address.EndsWith("new", StringComparison.Ordinal)
            ? Answer.Bytes(TestImages.Png())
            : Answer.Status(403);
        _bench.Api.Script(Answer.Running(), Answer.Status(502), Answer.Completed("https://cdn.example/new"));

        var saving = _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/old"), _folder.Target());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_bench.Api.Requests.Count < 3 && !saving.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            _bench.Clock.Step(0.1);
            await Task.Yield();
        }
        await saving.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
    }

    [Fact]
    public async Task A_task_unknown_to_the_service_is_TaskNotFound()
    {
        _bench.Downloads.Script(Answer.Status(404));
        _bench.Api.Script(Answer.Status(404));

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/old"), _folder.Target()));

        Assert.Equal(NanoBananaErrorKind.TaskNotFound, error.Kind);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task The_second_image_gets_its_own_new_link()
    {
        _bench.Downloads.Script(Answer.Status(410), Answer.Bytes(TestImages.Png()));
        _bench.Api.Script(Answer.Json("""
            {"status":"completed","output":[{"content":[
              {"type":"image","url":"https://cdn.example/new1"},{"type":"image","url":"https://cdn.example/new2"}
            ]}]}
            """));

        await _bench.SaveAsync(
            TestBench.CreateCompletedTask("https://cdn.example/1", "https://cdn.example/2"), _folder.Target(), imageNumber: 1);

        Assert.Equal("https://cdn.example/new2", _bench.Downloads.Requests[1].Address);
        Assert.Equal(["task1-2.png"], _folder.Files);
    }

    [Fact]
    public async Task Bytes_from_before_and_after_an_expired_link_are_not_mixed()
    {
        using var bench = new TestBench();
        bench.Downloads.Script(
            Answer.Stream(() => new ScriptedStream(TestImages.Jpeg()) { BreaksAt = 400 }, 1000).With("ETag", "\"v1\""),
            Answer.Status(403),
            Answer.Bytes(TestImages.Png()));
        bench.Api.Script(Answer.Completed("https://cdn.example/new"));

        await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/old"), _folder.Target());

        Assert.Null(bench.Downloads.Requests[2].Header("Range"));
        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
    }
}
