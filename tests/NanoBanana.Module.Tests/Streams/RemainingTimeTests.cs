using NanoBanana.Pipeline;

namespace NanoBanana.Module.Tests.Streams;

public sealed class RemainingTimeTests
{
    private readonly RemainingTime _time = new();

    [Fact]
    public void A_steady_pace_is_gone_on_with() => Assert.Equal(90, Guesses((0, 0), (5, 5), (10, 10))[^1]);

    [Fact]
    public void Too_little_says_nothing() => Assert.Equal([null, null, null, null], Guesses((0, 0), (1, 50), (5, 2), (30, 2)));

    [Fact]
    public void What_was_done_at_once_says_nothing_of_the_rest() =>
        // 50 are held by a batch and done in the first second; then each takes ten seconds.
        Assert.Equal(460, Guesses([(1, 50), .. Enumerable.Range(1, 4).Select(i => (1 + (i * 10), 50 + i))])[^1]);

    [Fact]
    public void A_pace_that_changes_is_followed_within_a_minute() =>
        // From one in ten seconds to one in two: 51 are left, for 102 seconds.
        Assert.Equal(102, Guesses([.. Enumerable.Range(0, 10).Select(i => (i * 10, i)), .. Enumerable.Range(1, 80).Select(i => (90 + i, 9 + (i / 2)))])[^1]);

    [Fact]
    public void Where_nothing_is_done_of_late_nothing_is_guessed() => Assert.Null(Guesses((0, 0), (5, 5), (10, 10), (71, 10), (72, 10))[^1]);

    [Fact]
    public void When_all_is_done_nothing_remains() => Assert.Null(Guesses((0, 0), (10, 100))[^1]);

    private int?[] Guesses(params (int Seconds, int Done)[] seen) => [.. seen.Select(s => _time.Estimate(TimeSpan.FromSeconds(s.Seconds), s.Done, 100 - s.Done))];
}
