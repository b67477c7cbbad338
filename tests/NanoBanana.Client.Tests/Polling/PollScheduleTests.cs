using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Client.Tests.Polling;

/// <summary>When the next poll is due, based on earlier tasks.</summary>
public sealed class PollScheduleTests
{
    private readonly PollSchedule _schedule = new(() => 0.5);

    [Fact]
    public void The_first_task_is_polled_immediately_and_the_second_is_not()
    {
        Assert.Equal(0, First("1K"));
        Assert.InRange(First("1K"), 2, 3);
        Assert.Equal(0, First("4K"));
    }

    [Fact]
    public void With_a_known_history_no_task_is_polled_immediately()
    {
        _schedule.LearnDuration("1K", TimeSpan.FromSeconds(12));
        Assert.True(First("1K") > 2);
    }

    [Fact]
    public void After_one_task_ended_immediately_the_next_is_polled_immediately()
    {
        First(null);
        Record(0, 0.001, ended: true);
        Assert.Equal(0, First(null));
    }

    [Fact]
    public void An_old_task_is_polled_immediately()
    {
        First(null);
        Assert.Equal(TimeSpan.Zero, _schedule.UntilNext(null, TimeSpan.Zero, null, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Jitter_shifts_a_poll_by_a_fifth_of_the_adjacent_gaps()
    {
        double[] first = [.. new[] { 0.0, 0.5, 1.0 }.Select(random =>
        {
            var schedule = new PollSchedule(() => random);
            schedule.UntilNext(null, TimeSpan.Zero, null, TimeSpan.Zero);
            return schedule.UntilNext(null, TimeSpan.Zero, null, TimeSpan.Zero).TotalSeconds;
        })];
        Assert.Equal(0.8, first[0] / first[1], 0.02);
        Assert.Equal(1.2, first[2] / first[1], 0.02);
    }

    [Fact]
    public void Polls_are_frequent_where_tasks_ended_and_rare_before()
    {
        First(null);
        for (int i = 0; i < 40; i++)
            _schedule.LearnDuration(null, TimeSpan.FromSeconds(18 + 0.1 * i));

        Assert.InRange(First(null), 10, 18.5);
        Assert.True(Gap(19) < Gap(5) / 3);
    }

    [Fact]
    public void After_the_longest_known_time_the_gaps_stay_reasonable()
    {
        First(null);
        for (int i = 0; i < 100; i++)
            _schedule.LearnDuration(null, TimeSpan.FromSeconds(12));

        Assert.All(new double[] { 30, 60, 300, 600 }, age => Assert.InRange(Gap(age), 0.5, 10));
        Assert.InRange(Gap(3600), 5, 180.1);
        Assert.InRange(Gap(86_400), 5, 86_400 * 0.051);
    }

    [Fact]
    public void Many_running_tasks_are_polled_about_half_as_often()
    {
        First(null);
        double before = Gap(60);
        for (int i = 0; i < 5_000; i++)
            Record(0, 60, ended: false);

        Assert.InRange(Gap(60), before * 1.5, before * 3);
    }

    [Fact]
    public void Running_tasks_count_against_an_early_end()
    {
        var hasty = new PollSchedule(() => 0.5);
        for (int i = 0; i < 10; i++)
            hasty.Learn(null, TimeSpan.FromSeconds(4), null, TimeSpan.FromSeconds(5), ended: true);
        var patient = new PollSchedule(() => 0.5);
        for (int i = 0; i < 10; i++)
        {
            patient.Learn(null, TimeSpan.FromSeconds(4), null, TimeSpan.FromSeconds(5), ended: true);
            for (int other = 0; other < 9; other++)
                patient.Learn(null, TimeSpan.Zero, null, TimeSpan.FromSeconds(8), ended: false);
        }
        double GapOf(PollSchedule schedule) =>
            schedule.UntilNext(null, TimeSpan.FromSeconds(4), null, TimeSpan.FromSeconds(4)).TotalSeconds;
        Assert.True(GapOf(patient) > 1.5 * GapOf(hasty));
    }

    [Fact]
    public void Resolutions_have_separate_statistics()
    {
        foreach (string resolution in new[] { "1K", "4K" })
            First(resolution);
        for (int i = 0; i < 30; i++)
            _schedule.LearnDuration("4K", TimeSpan.FromSeconds(60));

        Assert.InRange(First("1K"), 2, 3);
        Assert.True(First("4K") > 10);
    }

    [Fact]
    public void Gaps_have_a_minimum_for_every_history()
    {
        First(null);
        for (int i = 0; i < 200; i++)
            Record(0, 0.001, ended: true);
        for (double age = 0.001; age < 100; age *= 1.3)
            Assert.True(Gap(age) >= 0.1 - 0.001);
    }

    [Fact]
    public void Progress_is_used_only_after_it_has_proved_correct()
    {
        double without = _schedule.UntilNext(null, TimeSpan.FromSeconds(10), null, TimeSpan.FromSeconds(10)).TotalSeconds;
        double GapWithProgress() => _schedule.UntilNext(null, TimeSpan.FromSeconds(10), 0.5, TimeSpan.FromSeconds(10)).TotalSeconds;
        Assert.Equal(without, GapWithProgress());

        // Each report at 10 s is a progress of one half, and the task ends at 20 s.
        for (int i = 0; i < 30; i++)
        {
            Record(0, 10, ended: false);
            _schedule.Learn(null, TimeSpan.FromSeconds(10), 0.5, TimeSpan.FromSeconds(19.8), ended: false);
            _schedule.Learn(null, TimeSpan.FromSeconds(19.8), null, TimeSpan.FromSeconds(20.2), ended: true);
        }
        Assert.InRange(GapWithProgress(), 3, 11);
        Assert.NotEqual(Gap(10), GapWithProgress());
    }

    private double First(string? resolution) => _schedule.UntilNext(resolution, TimeSpan.Zero, null, TimeSpan.Zero).TotalSeconds;

    private double Gap(double age) => _schedule.UntilNext(null, TimeSpan.FromSeconds(age), null, TimeSpan.FromSeconds(age)).TotalSeconds;

    private void Record(double alive, double seen, bool ended) =>
        _schedule.Learn(null, TimeSpan.FromSeconds(alive), null, TimeSpan.FromSeconds(seen), ended);
}
