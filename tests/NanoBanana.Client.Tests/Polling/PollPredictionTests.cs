using NanoBanana.Client.Polling.Prediction;
using NanoBanana.Lab.Polls;

namespace NanoBanana.Client.Tests.Polling;

/// <summary>
/// A short run of <c>dotnet run -c Release --project tests/NanoBanana.Lab -- polls</c> with simulated time and fixed seeds.
/// </summary>
public sealed class PollPredictionTests
{
    [Theory]
    [InlineData(4, 0.25)]
    [InlineData(4, 0.8)]
    [InlineData(15, 0.5)]
    [InlineData(60, 0.5)]
    public void Polls_for_lognormal_times_meet_the_demands(double median, double sigma) =>
        AssertMet(new DistributionStudy(Distribution.Lognormal(median, sigma), isLognormal: true, sessions: 24, seed: 7).Demands);

    [Fact]
    public void Polls_for_two_peaks_use_both()
    {
        var study = new DistributionStudy(Distribution.Bimodal(8, 35, 0.7, 0.2), isLognormal: false, sessions: 24, seed: 7);
        AssertMet(study.Demands);
        Assert.InRange(study.Warm.Product / study.Optimum.Product, 0.9, 1.25);
    }

    [Fact]
    public void A_service_that_becomes_slower_or_faster_is_followed_within_twenty_tasks()
    {
        (Distribution quick, Distribution slow) = (Distribution.Lognormal(10, 0.35), Distribution.Lognormal(30, 0.35));
        AssertMet(new ShiftStudy(quick, slow, sessions: 24, seed: 7).Demands);
        AssertMet(new ShiftStudy(slow, quick, sessions: 24, seed: 7).Demands);
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("stuck")]
    [InlineData("half")]
    public void Meaningless_progress_does_not_increase_the_cost(string kind)
    {
        double without = CostWith(null);
        double with = CostWith(kind switch
        {
            "noise" => ProgressReports.Noise(new Random(11)),
            "stuck" => ProgressReports.Stuck,
            _ => ProgressReports.Half,
        });
        Assert.InRange(with / without, 0.2, 1.03);
    }

    [Fact]
    public void Roughly_correct_progress_decreases_the_cost()
    {
        double rough = CostWith(ProgressReports.Rough(new Random(11)));
        Assert.InRange(rough / CostWith(null), 0.2, 0.95);
    }

    [Fact]
    public void Progress_that_becomes_wrong_is_soon_ignored()
    {
        Distribution law = Distribution.Lognormal(20, 0.5);
        var random = new Random(3);
        bool isWrong = false;
        var simulated = new SimulatedSession(
            random, (age, duration) => isWrong ? 0.02 + 0.001 * age : ProgressReports.Honest(age, duration));
        for (int task = 0; task < 50; task++)
            simulated.Learn(law.Draw(random));
        isWrong = true;
        var outcome = new Outcome();
        for (int task = 0; task < 100; task++)
            simulated.LearnInto(outcome, law.Draw(random));

        Assert.InRange(outcome.Delay, 0.1, 2.5);
    }

    [Fact]
    public void The_plan_is_optimal_for_a_known_distribution()
    {
        Distribution law = Distribution.Lognormal(20, 0.5);
        var plan = new PollPlan();
        plan.Compute(
            [.. Enumerable.Range(0, AgeGrid.Cells + 1).Select(point => law.Survival(AgeGrid.AgeAt(point)))], PollSchedule.PriceOfPoll);
        IEnumerable<double> Planned()
        {
            for (double age = plan.NextAfter(0); ; age = plan.NextAfter(age))
                yield return age;
        }
        var random = new Random(5);
        double[] durations = [.. Enumerable.Range(0, 5_000).Select(_ => law.Draw(random))];
        Outcome planned = Rivals.Run(Planned, durations);
        Outcome best = Rivals.Run(new OptimumPolicy(law, PollSchedule.PriceOfPoll).Polls, durations);
        Assert.InRange(planned.Product / best.Product, 0.97, 1.03);
    }

    private static double CostWith(Func<double, double, double?>? report)
    {
        Distribution law = Distribution.Lognormal(20, 0.5);
        var outcome = new Outcome();
        for (int session = 0; session < 12; session++)
        {
            var random = new Random(session);
            var simulated = new SimulatedSession(random, report);
            for (int task = 0; task < 50; task++)
                simulated.Learn(law.Draw(random));
            for (int task = 0; task < 100; task++)
                simulated.LearnInto(outcome, law.Draw(random));
        }
        return outcome.Polls * PollSchedule.PriceOfPoll + outcome.Delay;
    }

    private static void AssertMet(IEnumerable<Demand> demands) =>
        Assert.All(demands, d => Assert.True(d.IsMet, FormattableString.Invariant($"{d.What}: {d.Measure:0.00}, at most {d.Limit:0.00}")));
}
