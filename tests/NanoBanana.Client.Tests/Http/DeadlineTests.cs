using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;

namespace NanoBanana.Client.Tests.Http;

public sealed class DeadlineTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void The_remaining_time_decreases_and_is_never_negative()
    {
        var deadline = new Deadline(_clock, TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(10), deadline.Remaining);

        _clock.Step(4);
        Assert.Equal(TimeSpan.FromSeconds(6), deadline.Remaining);
        Assert.Equal(TimeSpan.FromSeconds(6), deadline.Bound(TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.FromSeconds(5), deadline.Bound(TimeSpan.FromSeconds(5)));

        _clock.Step(60);
        Assert.Equal(TimeSpan.Zero, deadline.Remaining);
        Assert.Equal(TimeSpan.Zero, deadline.Bound(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(10), deadline.Length);
    }

    [Fact]
    public void Setting_the_clock_does_not_change_the_remaining_time()
    {
        var deadline = new Deadline(_clock, TimeSpan.FromSeconds(10));

        _clock.WallError = TimeSpan.FromHours(-1);

        Assert.Equal(TimeSpan.FromSeconds(10), deadline.Remaining);
    }

    [Fact]
    public async Task A_gate_opens_after_the_longest_pause()
    {
        var gate = new RateGate(_clock);
        var deadline = new Deadline(_clock, TimeSpan.FromMinutes(10));
        Assert.True(await gate.PassAsync(deadline, TimeSpan.Zero, default));

        gate.CloseFor(TimeSpan.FromSeconds(20), new RecordingObserver());
        gate.CloseFor(TimeSpan.FromSeconds(5), new RecordingObserver());
        Task<bool> passing = gate.PassAsync(deadline, TimeSpan.Zero, default);
        _clock.Step(10);
        gate.CloseFor(TimeSpan.FromSeconds(30), new RecordingObserver());
        _clock.Step(29);
        Assert.False(passing.IsCompleted);
        Assert.Equal(TimeSpan.FromSeconds(1), gate.Remaining);

        _clock.Step(1);
        Assert.True(await passing);
        Assert.Equal(TimeSpan.Zero, gate.Remaining);
    }

    [Fact]
    public async Task A_gate_that_opens_after_the_deadline_is_not_waited_for()
    {
        var gate = new RateGate(_clock);
        gate.CloseFor(TimeSpan.FromSeconds(20), new RecordingObserver());

        Assert.False(await gate.PassAsync(new Deadline(_clock, TimeSpan.FromSeconds(20)), TimeSpan.Zero, default));
    }
}
