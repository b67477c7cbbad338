using System.Globalization;

namespace NanoBanana.Client.Tests.Http;

/// <summary>
/// The retry table of the design, row by row: what is sent again, what is never sent again, and which error is reported.
/// <see cref="RetryRulesTests"/> tests the rules alone. These tests use the whole client.
/// </summary>
public sealed class RetryTableTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    // Submission: costs money

    [Theory]
    [InlineData("never connected")]
    [InlineData("429")]
    [InlineData("429 seconds")]
    [InlineData("429 date")]
    [InlineData("503 seconds")]
    [InlineData("503 date")]
    public async Task A_submission_is_sent_again_after(string what)
    {
        _bench.Api.Script(CreateAnswer(what), CreateAnswer(what), Answer.Accepted("t1"));

        Assert.Equal("t1", (await _bench.Clock.RunAsync(_bench.SubmitAsync())).Id);
        Assert.Equal(3, _bench.Api.Requests.Count);
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("reset")]
    [InlineData("408")]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503")]
    [InlineData("504")]
    [InlineData("html")]
    [InlineData("empty")]
    [InlineData("cut json")]
    [InlineData("wrong types")]
    [InlineData("huge")]
    [InlineData("cut body")]
    public async Task A_submission_that_may_have_been_accepted_is_never_sent_again(string what)
    {
        _bench.Api.Script(CreateAnswer(what));

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, (await _bench.FailToSubmitAsync()).Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Theory]
    [InlineData("400", NanoBananaErrorKind.InvalidRequest)]
    [InlineData("401", NanoBananaErrorKind.ApiKeyRejected)]
    [InlineData("403", NanoBananaErrorKind.NotPermitted)]
    [InlineData("404", NanoBananaErrorKind.InvalidRequest)]
    [InlineData("307", NanoBananaErrorKind.InvalidResponse)]
    public async Task A_refused_submission_is_reported_and_not_sent_again(string what, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(CreateAnswer(what));

        Assert.Equal(kind, (await _bench.FailToSubmitAsync()).Kind);
        Assert.Single(_bench.Api.Requests);
    }

    // Poll: costs nothing

    [Theory]
    [InlineData("408")]
    [InlineData("429")]
    [InlineData("429 seconds")]
    [InlineData("429 date")]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503")]
    [InlineData("503 date")]
    [InlineData("504")]
    [InlineData("never connected")]
    [InlineData("reset")]
    [InlineData("silence")]
    [InlineData("cut body")]
    [InlineData("html")]
    [InlineData("empty")]
    [InlineData("cut json")]
    [InlineData("wrong types")]
    [InlineData("huge")]
    [InlineData("404")]
    public async Task A_poll_is_sent_again_after(string what)
    {
        _bench.Api.Script(CreateAnswer(what), CreateAnswer(what), Answer.Completed());

        Assert.Equal(ImageTaskStatus.Completed, (await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()))).Status);
        Assert.Equal(3, _bench.Api.Requests.Count);
    }

    [Theory]
    [InlineData("401", NanoBananaErrorKind.ApiKeyRejected)]
    [InlineData("403", NanoBananaErrorKind.NotPermitted)]
    [InlineData("404", NanoBananaErrorKind.TaskNotFound)]
    public async Task After_the_first_seconds_a_poll_is_never_sent_again_after(string what, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(CreateAnswer(what));
        ImageTask known = _bench.CreateTask("t1");
        _bench.Clock.Step(11);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.WaitAsync(known)));

        Assert.Equal((kind, "t1"), (error.Kind, error.TaskId));
        Assert.Single(_bench.Api.Requests);
    }

    // Download: costs nothing

    [Theory]
    [InlineData("408")]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503")]
    [InlineData("504")]
    [InlineData("never connected")]
    [InlineData("reset")]
    [InlineData("cut body")]
    [InlineData("html")]
    [InlineData("empty")]
    public async Task A_download_is_sent_again_after(string what)
    {
        // The disk works in real time, so the clock does not run here and the jitter is zero.
        using var bench = new TestBench();
        bench.Downloads.Script(CreateAnswer(what), CreateAnswer(what), Answer.Bytes(TestImages.Png()));

        await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());

        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
        Assert.Equal(3, bench.Downloads.Requests.Count);
    }

    [Theory]
    [InlineData("402")]
    [InlineData("405")]
    public async Task A_download_is_never_sent_again_after(string what)
    {
        _bench.Downloads.Script(CreateAnswer(what));

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target()));

        Assert.Equal((NanoBananaErrorKind.DownloadFailed, "task1"), (error.Kind, error.TaskId));
        Assert.Single(_bench.Downloads.Requests);
    }

    // Retry-After is a minimum, the deadline a maximum

    [Theory]
    [InlineData("429 seconds")]
    [InlineData("429 date")]
    [InlineData("503 seconds")]
    [InlineData("503 date")]
    public async Task Retry_After_is_a_floor(string what)
    {
        _bench.Api.Script(CreateAnswer(what, seconds: 40), Answer.Accepted());
        await _bench.Clock.RunAsync(_bench.SubmitAsync());
        TimeSpan accepted = _bench.Clock.Elapsed;
        Assert.InRange(accepted, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(42));

        _bench.Api.Script(CreateAnswer(what, seconds: 40), Answer.Completed());
        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));
        Assert.InRange(_bench.Clock.Elapsed - accepted, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(44));
    }

    /// <summary>Both clocks can be wrong. The difference between the dates of the answer is correct.</summary>
    [Fact]
    public async Task A_date_is_compared_with_the_clock_of_the_server()
    {
        DateTimeOffset there = _bench.Clock.GetUtcNow().AddHours(-3);
        _bench.Api.Script(
            Answer.Status(429).With("Date", there.ToString("r", CultureInfo.InvariantCulture))
                .With("Retry-After", there.AddSeconds(40).ToString("r", CultureInfo.InvariantCulture)),
            Answer.Accepted());

        await _bench.Clock.RunAsync(_bench.SubmitAsync());

        Assert.InRange(_bench.Clock.Elapsed, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(42));
    }

    [Theory]
    [InlineData("429 seconds", NanoBananaErrorKind.RateLimited)]
    [InlineData("429 date", NanoBananaErrorKind.RateLimited)]
    [InlineData("503 seconds", NanoBananaErrorKind.RateLimited)]
    [InlineData("503 date", NanoBananaErrorKind.RateLimited)]
    public async Task A_submission_does_not_wait_past_its_deadline(string what, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(CreateAnswer(what, seconds: 3600));

        Assert.Equal(kind, (await _bench.FailToSubmitAsync()).Kind);
        Assert.Equal(TimeSpan.Zero, _bench.Clock.Elapsed);
    }

    [Theory]
    [InlineData("429 seconds", "the service answered 429")]
    [InlineData("429 date", "the service answered 429")]
    [InlineData("503 date", "the service answered 503")]
    [InlineData("reset", "Connection reset (fake)")]
    [InlineData("silence", "the service did not answer in time")]
    [InlineData("html", "the body is an HTML page")]
    public async Task A_wait_ends_at_its_deadline_with_the_last_failure(string what, string expected)
    {
        _bench.Api.Otherwise = _ => CreateAnswer(what, seconds: 3600);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask("t1"), seconds: 100)));

        Assert.Equal((NanoBananaErrorKind.TaskTimeout, "t1"), (error.Kind, error.TaskId));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("t1", Assert.IsType<NanoBananaException>(error.InnerException).TaskId);
        Assert.InRange(_bench.Clock.Elapsed, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(100.2));
    }

    /// <summary>For every behavior of the service an operation ends at its deadline.</summary>
    [Theory]
    [InlineData("429")]
    [InlineData("429 seconds")]
    [InlineData("503 seconds")]
    public async Task A_submission_ends_at_its_deadline(string what)
    {
        _bench.Api.Otherwise = _ => CreateAnswer(what, seconds: 7);

        NanoBananaException error = await _bench.FailToSubmitAsync();

        Assert.True(error.Kind is NanoBananaErrorKind.RateLimited or NanoBananaErrorKind.ServiceUnavailable);
        // The last attempt is sent with its full time-out of 100 of the 600 seconds.
        Assert.InRange(_bench.Clock.Elapsed, TimeSpan.FromSeconds(450), TimeSpan.FromSeconds(500));
    }

    /// <param name="what">A row of the table.</param>
    /// <param name="seconds">The value of Retry-After, if the row has one.</param>
    private Answer CreateAnswer(string what, int seconds = 2) => what switch
    {
        "never connected" => Answer.NeverConnected,
        "silence" => Answer.Silence,
        "reset" => Answer.Reset,
        "html" => Answer.Status(200, "<html>maintenance</html>"),
        "empty" => Answer.Status(200),
        "cut json" => Answer.Json("""{"id":"t1","sta"""),
        "wrong types" => Answer.Json("""{"id":{},"status":[1]}"""),
        "huge" => Answer.Bytes(new byte[9 * 1024 * 1024], "application/json"),
        "cut body" => Answer.Stream(() => new MemoryStream(new byte[5]), 1000),
        _ when what.EndsWith(" seconds", StringComparison.Ordinal) => Answer.Status(CodeOf(what)).RetryAfter(seconds),
        _ when what.EndsWith(" date", StringComparison.Ordinal) =>
            Answer.Status(CodeOf(what))
                .With("Retry-After", _bench.Clock.GetUtcNow().AddSeconds(seconds + 0.999).ToString("r", CultureInfo.InvariantCulture)),
        _ => Answer.Status(CodeOf(what), "boom"),
    };

    private static int CodeOf(string what) => int.Parse(what[..3], CultureInfo.InvariantCulture);
}
