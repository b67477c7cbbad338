using NanoBanana.Client.Retries;

namespace NanoBanana.Client.Tests.Http;

/// <summary>A pause of the whole connection is reported once, with its reason and length.</summary>
public sealed class PauseTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    private IEnumerable<string> Pauses => _bench.Observer.Warnings.Where(warning => warning.Contains("pause", StringComparison.Ordinal));

    [Fact]
    public async Task Tasks_that_receive_429_together_warn_once_and_a_later_pause_warns_again()
    {
        _bench.Api.Otherwise = request => request.At < TimeSpan.FromSeconds(40) ? Answer.Status(429).RetryAfter(40) : Answer.Accepted();
        await _bench.Clock.RunAllAsync([.. Enumerable.Range(0, 8).Select(i => _bench.SubmitAsync($"prompt {i}"))]);

        Assert.Equal(
            "Too many requests (429): all requests of this connection pause for 41 seconds.", Assert.Single(_bench.Observer.Warnings));

        _bench.Api.Script(Answer.Status(429).RetryAfter(600));
        _bench.Api.Otherwise = _ => Answer.Accepted();
        await _bench.FailToSubmitAsync();
        Assert.Equal(2, Pauses.Count());
        Assert.Contains("pause for 600 seconds", Pauses.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poll_that_receives_429_warns()
    {
        _bench.Api.Script(Answer.Status(429).RetryAfter(40), Answer.Completed());

        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        Assert.Single(Pauses);
    }

    [Fact]
    public async Task A_pause_of_a_few_seconds_is_not_reported()
    {
        _bench.Api.Script(Answer.Status(429), Answer.Status(429).RetryAfter(3), Answer.Accepted());

        await _bench.Clock.RunAsync(_bench.SubmitAsync());

        Assert.Empty(_bench.Observer.Warnings);
    }

    [Fact]
    public void A_short_pause_that_becomes_long_is_reported_once()
    {
        var gate = new RateGate(_bench.Clock);
        gate.CloseFor(TimeSpan.FromSeconds(2), _bench.Observer);
        Assert.Empty(_bench.Observer.Warnings);

        gate.CloseFor(TimeSpan.FromSeconds(60), _bench.Observer);
        _bench.Clock.Step(30);
        gate.CloseFor(TimeSpan.FromSeconds(60), _bench.Observer);
        Assert.Single(Pauses);

        _bench.Clock.Step(61);
        gate.CloseFor(TimeSpan.FromSeconds(60), _bench.Observer);
        Assert.Equal(2, Pauses.Count());
    }

    [Fact]
    public async Task The_warning_about_a_pause_of_downloads_mentions_downloads()
    {
        using var folder = new TemporaryFolder();
        _bench.Downloads.Script(Answer.Status(429).RetryAfter(3600));

        await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), folder.Target()));

        Assert.Contains("all downloads of this connection pause", Assert.Single(Pauses), StringComparison.Ordinal);
    }
}
