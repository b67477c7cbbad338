using NanoBanana.Client.Polling;

namespace NanoBanana.Client.Tests.Polling;

public sealed class PollScheduleTests
{
    private readonly PollSchedule _schedule = new(() => 0.5);

    [Fact]
    public void The_first_look_is_after_a_second_until_something_is_known() =>
        Assert.Equal(1, _schedule.UntilFirst("1K", TimeSpan.Zero).TotalSeconds, 3);

    [Fact]
    public void A_task_that_is_old_already_is_looked_at_now() =>
        Assert.Equal(TimeSpan.Zero, _schedule.UntilFirst("1K", TimeSpan.FromMinutes(5)));

    [Fact]
    public void Later_looks_widen_with_age_within_bounds()
    {
        Assert.Equal(0.1, _schedule.UntilNext(TimeSpan.Zero, null).TotalSeconds, 3);
        Assert.Equal(2, _schedule.UntilNext(TimeSpan.FromSeconds(10), null).TotalSeconds, 3);
        Assert.Equal(5, _schedule.UntilNext(TimeSpan.FromHours(1), null).TotalSeconds, 3);
    }

    [Theory]
    [InlineData(0.8, 2.5)]
    [InlineData(0.99, 0.1)]
    [InlineData(0.06, 5)]
    [InlineData(0.0, 2)]
    [InlineData(1.0, 2)]
    public void Progress_aims_at_the_end_it_promises(double progress, double seconds) =>
        Assert.Equal(seconds, _schedule.UntilNext(TimeSpan.FromSeconds(10), progress).TotalSeconds, 1);

    [Fact]
    public void Jitter_stays_within_fifteen_percent()
    {
        Assert.Equal(0.85, new PollSchedule(() => 0).UntilFirst(null, TimeSpan.Zero).TotalSeconds, 3);
        Assert.Equal(1.15, new PollSchedule(() => 1).UntilFirst(null, TimeSpan.Zero).TotalSeconds, 3);
    }

    [Fact]
    public void Looks_in_vain_make_the_next_first_look_later_but_never_past_half_of_the_time()
    {
        for (int i = 0; i < 200; i++)
            _schedule.Learn("4K", TimeSpan.FromSeconds(12), polls: 5);

        Assert.Equal(6, _schedule.UntilFirst("4K", TimeSpan.Zero).TotalSeconds, 1);
        Assert.Equal(1, _schedule.UntilFirst("1K", TimeSpan.Zero).TotalSeconds, 3);
    }

    [Fact]
    public void A_long_first_look_never_grows_past_ten_seconds()
    {
        for (int i = 0; i < 200; i++)
            _schedule.Learn(null, TimeSpan.FromMinutes(5), polls: 9);

        Assert.Equal(10, _schedule.UntilFirst(null, TimeSpan.Zero).TotalSeconds, 1);
    }

    [Fact]
    public void Tasks_done_before_the_first_look_make_it_sooner()
    {
        for (int i = 0; i < 20; i++)
            _schedule.Learn("1K", TimeSpan.FromMilliseconds(2), polls: 1);

        Assert.Equal(TimeSpan.Zero, _schedule.UntilFirst("1K", TimeSpan.Zero));
    }
}
