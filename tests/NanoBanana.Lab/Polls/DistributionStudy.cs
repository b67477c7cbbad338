using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Lab.Polls;

/// <summary>Compares all schedules with the same completion times of one distribution.</summary>
internal sealed class DistributionStudy
{
    /// <summary>The number of first tasks of a session, before the schedule has learned.</summary>
    private const int ColdTasks = 5;

    private const int TasksLearned = 50;

    /// <param name="distribution">The distribution.</param>
    /// <param name="isLognormal">Whether there is a demand on the distance of our schedule from the optimum.</param>
    /// <param name="sessions">The number of sessions for the average.</param>
    /// <param name="seed">Repeats the same numbers.</param>
    public DistributionStudy(Distribution distribution, bool isLognormal, int sessions, int seed)
    {
        Distribution = distribution;
        var random = new Random(seed);
        double[] durations = [.. Enumerable.Range(0, 20_000).Select(_ => distribution.Draw(random))];
        Optimum = Rivals.Run(new OptimumPolicy(distribution, PollSchedule.PriceOfPoll).Polls, durations);
        double[] first = [.. durations.Take(sessions * 10 * ColdTasks)];
        for (int session = 0; session < first.Length / ColdTasks; session++)
        {
            var simulated = new SimulatedSession(random);
            for (int task = 0; task < ColdTasks; task++)
                simulated.LearnInto(Cold, first[session * ColdTasks + task]);
        }
        for (int session = 0; session < sessions; session++)
        {
            var simulated = new SimulatedSession(random);
            for (int task = 0; task < TasksLearned; task++)
                simulated.Learn(distribution.Draw(random));
            for (int task = 0; task < 100; task++)
                simulated.Measure(Warm, durations[(session * 100 + task) % durations.Length]);
        }
        for (int session = 0; session < Math.Max(1, sessions / 8); session++)
        {
            var simulated = new SimulatedSession(random, ProgressReports.Honest);
            for (int task = 0; task < TasksLearned; task++)
                simulated.Learn(distribution.Draw(random));
            for (int task = 0; task < 50; task++)
                simulated.Measure(WithProgress, durations[(session * 50 + task) % durations.Length]);
        }
        double interval = Rivals.IntervalFor(Cold.Polls, first);
        SamePolls = Rivals.Run(() => Rivals.Fixed(interval), first);
        Others =
        [
            ("fixed 0.5 s", Rivals.Run(() => Rivals.Fixed(0.5), durations)),
            ("fixed 3 s", Rivals.Run(() => Rivals.Fixed(3), durations)),
            ("fixed 5 s", Rivals.Run(() => Rivals.Fixed(5), durations)),
            ("back-off", Rivals.Run(Rivals.BackOff, durations)),
        ];
        List<Demand> demands =
        [
            new($"{distribution.Name}: cold, delay over that of fixed polling with as many polls", Cold.Delay / SamePolls.Delay, 1.1),
            new($"{distribution.Name}: with progress, polls x delay over that without", WithProgress.Product / Warm.Product, 0.9),
        ];
        if (isLognormal)
        {
            string name = $"{distribution.Name}: after {TasksLearned} tasks, polls x delay over the optimum's";
            demands.Insert(0, new(name, Warm.Product / Optimum.Product, 1.2));
        }
        Demands = demands;
    }

    public Distribution Distribution { get; }

    public IReadOnlyList<(string Name, Outcome Outcome)> Others { get; }

    public Outcome SamePolls { get; }

    public Outcome Cold { get; } = new();

    public Outcome Warm { get; } = new();

    public Outcome WithProgress { get; } = new();

    public Outcome Optimum { get; }

    public IReadOnlyList<Demand> Demands { get; }
}
