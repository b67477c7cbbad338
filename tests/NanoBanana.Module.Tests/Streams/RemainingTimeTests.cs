using NanoBanana.Pipeline;

namespace NanoBanana.Module.Tests.Streams;

public sealed class RemainingTimeTests
{
    private readonly RemainingTime _time = new();

    [Fact]
    public void Constant_pace_is_extrapolated() => Assert.Equal(90, Estimates((0, 0), (5, 5), (10, 10))[^1]);

    [Fact]
    public void Too_few_completions_give_no_estimate() =>
        Assert.Equal([null, null, null, null], Estimates((0, 0), (1, 50), (5, 2), (30, 2)));

    [Fact]
    public void Initial_burst_does_not_change_the_estimate() =>
        // A batch already has 50, which complete in the first second. Each of the others takes ten seconds.
        Assert.Equal(460, Estimates([(1, 50), .. Enumerable.Range(1, 4).Select(i => (1 + (i * 10), 50 + i))])[^1]);

    [Fact]
    public void Estimate_follows_a_new_pace_within_a_minute() =>
        // The pace changes from one in ten seconds to one in two seconds. The remaining 51 take 102 seconds.
        Assert.Equal(102, Estimates(
            [.. Enumerable.Range(0, 10).Select(i => (i * 10, i)), .. Enumerable.Range(1, 80).Select(i => (90 + i, 9 + (i / 2)))])[^1]);

    [Fact]
    public void No_recent_completion_gives_no_estimate() =>
        Assert.Null(Estimates((0, 0), (5, 5), (10, 10), (71, 10), (72, 10))[^1]);

    [Fact]
    public void No_remaining_work_gives_no_estimate() => Assert.Null(Estimates((0, 0), (10, 100))[^1]);

    private int?[] Estimates(params (int Seconds, int Done)[] points) =>
        [.. points.Select(point => _time.Estimate(TimeSpan.FromSeconds(point.Seconds), point.Done, 100 - point.Done))];
}
