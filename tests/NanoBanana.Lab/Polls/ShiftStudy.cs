using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Lab.Polls;

/// <summary>A service whose distribution of durations changes after a hundred tasks.</summary>
internal sealed class ShiftStudy
{
    private const int TasksBefore = 100;

    public ShiftStudy(Distribution before, Distribution after, int sessions, int seed)
    {
        Name = $"{before.Name} -> {after.Name}";
        var random = new Random(seed);
        double[] durations = [.. Enumerable.Range(0, 10_000).Select(_ => after.Draw(random))];
        Optimum = Rivals.Run(new OptimumPolicy(after, PollSchedule.PriceOfPoll).Polls, durations);
        for (int session = 0; session < sessions; session++)
        {
            var simulated = new SimulatedSession(random);
            for (int task = 0; task < TasksBefore; task++)
                simulated.Learn(before.Draw(random));
            for (int task = 0; task < 20; task++)
                simulated.LearnInto(First20, after.Draw(random));
            for (int task = 0; task < 50; task++)
                simulated.Measure(After20, durations[(session * 50 + task) % durations.Length]);
        }
        Demands = [new($"{Name}: 20 tasks later, what polls and delay cost over the optimum's", Cost(After20) / Cost(Optimum), 1.3)];
    }

    public string Name { get; }

    public Outcome Optimum { get; }

    public Outcome First20 { get; } = new();

    public Outcome After20 { get; } = new();

    public IReadOnlyList<Demand> Demands { get; }

    private static double Cost(Outcome outcome) => outcome.Polls * PollSchedule.PriceOfPoll + outcome.Delay;
}
