using System.CommandLine;
using System.Globalization;

namespace NanoBanana.Lab.Polls;

/// <summary>The verb <c>polls</c>. See docs/decisions/0008-polling.md.</summary>
internal static class PollsCommand
{
    private static readonly Option<bool> Quick = new("--quick") { Description = "Uses fewer sessions and distributions." };
    private static readonly Option<int> Seed = Verb.Number("--seed", 1, minimum: 0, "Repeats the same times.");

    private static readonly Option<int> Real = Verb.Number(
        "--real", null, minimum: 2,
        "Runs this number of tasks against the emulator in real time instead of the simulation. 200 tasks take two minutes.");

    public static Command Create() => Verb.Create(
        "polls",
        "Simulates the times of polls and compares them with the best possible times.",
        [Quick, Seed, Real],
        arguments => arguments.GetValue(Real) is > 0 and var tasks
            ? RunRealAsync(tasks, arguments.GetValue(Quick), arguments.GetValue(Seed))
            : Task.FromResult(Run(arguments.GetValue(Quick), arguments.GetValue(Seed))));

    /// <summary>Runs the distribution of docs/decisions/0008-polling.md, or a faster one with <paramref name="quick"/>.</summary>
    /// <exception cref="LabException">The run does not agree with the simulation.</exception>
    private static async Task<string> RunRealAsync(int tasks, bool quick, int seed)
    {
        Distribution distribution = Distribution.Lognormal(quick ? 3 : 15, 0.5);
        Report.Progress(distribution.Name);
        using var run = new RealRun(distribution, tasks, seed);
        (IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<Demand> demands) =
            await run.RunAsync(TimeSpan.FromMilliseconds(quick ? 50 : 250));
        Report.Table(RealRun.Head, rows);
        return ReportDemands(demands);
    }

    /// <exception cref="LabException">A demand is not met.</exception>
    public static string Run(bool quick, int seed)
    {
        List<IReadOnlyList<string>> rows = [];
        List<Demand> demands = [];
        int sessions = quick ? 48 : 240;
        foreach ((Distribution distribution, bool isLognormal) in Distributions(quick))
        {
            Report.Progress(distribution.Name);
            var study = new DistributionStudy(distribution, isLognormal, sessions, seed);
            rows.AddRange(StudyTable.Rows(study));
            demands.AddRange(study.Demands);
        }
        (Distribution quicker, Distribution slower) = (Distribution.Lognormal(10, 0.35), Distribution.Lognormal(30, 0.35));
        foreach ((Distribution before, Distribution after) in new[] { (quicker, slower), (slower, quicker) })
        {
            var study = new ShiftStudy(before, after, sessions, seed);
            Report.Progress(study.Name);
            rows.AddRange(StudyTable.Rows(study));
            demands.AddRange(study.Demands);
        }
        Report.Progress("many concurrent tasks");
        demands.AddRange(Crowds.Demands(quick, seed));

        Report.Table(StudyTable.Head, rows);
        return ReportDemands(demands);
    }

    private static string ReportDemands(IReadOnlyList<Demand> demands)
    {
        Report.Table(
            ["demand", "measured", "at most", "met"],
            demands.Select(demand => new[] { demand.What, Number(demand.Measure), Number(demand.Limit), demand.IsMet ? "yes" : "**no**" }));
        int missed = demands.Count(demand => !demand.IsMet);
        return missed == 0
            ? $"{demands.Count} demands on polling are met."
            : throw new LabException($"{missed} of {demands.Count} demands on polling are not met.");
    }

    private static IEnumerable<(Distribution Distribution, bool IsLognormal)> Distributions(bool quick)
    {
        foreach (double median in quick ? [4, 15, 60] : new double[] { 4, 8, 15, 30, 60 })
        {
            foreach (double sigma in new[] { 0.25, 0.5, 0.8 })
                yield return (Distribution.Lognormal(median, sigma), true);
        }
        yield return (Distribution.Bimodal(8, 35, 0.7, 0.2), false);
        yield return (Distribution.HeavyTail(12, 1.5), false);
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
