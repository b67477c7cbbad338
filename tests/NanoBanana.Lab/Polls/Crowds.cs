using NanoBanana.Client.Polling;

namespace NanoBanana.Lab.Polls;

/// <summary>What is demanded of polling where many tasks wait together.</summary>
internal static class Crowds
{
    public static IEnumerable<Demand> Demands(bool quick, int seed)
    {
        var random = new Random(seed);
        Distribution law = Distribution.Lognormal(20, 0.5);

        var together = new CrowdStudy([.. Enumerable.Range(0, 500).Select(_ => law.Draw(random))], 200, seed);
        yield return new("500 tasks accepted at once: the most polls in a tenth of a second", together.MostIn(0.1), 40);
        yield return new("500 tasks accepted at once: tasks whose end was not seen", 500 - together.Delays.Count, 0);

        int stuck = quick ? 2_000 : 10_000;
        var stall = new CrowdStudy([.. Enumerable.Repeat(1e9, stuck)], 120, seed);
        yield return new($"{stuck} tasks of which none ends: the most polls in a second", stall.MostIn(1), PollLimiter.Capacity + PollLimiter.TokensPerSecond + 1);
        yield return new($"{stuck} tasks of which none ends: polls a second, later on", stall.Polls.Count(p => p >= 60) / 60.0, PollLimiter.TokensPerSecond + 0.5);

        double[] mixed = [.. Enumerable.Repeat(1e9, 1_000), .. Enumerable.Range(0, 500).Select(_ => 60 + law.Draw(random))];
        var recovered = new CrowdStudy(mixed, 300, seed);
        yield return new("500 tasks that end among 1000 that do not: the mean delay in seconds", recovered.Delays.Average(), 30);
        yield return new("500 tasks that end among 1000 that do not: tasks whose end was not seen", 500 - recovered.Delays.Count, 0);

        // 32 at once, each a tenth of a second on its way, are 320 a second.
        var finished = new CrowdStudy([.. Enumerable.Repeat(60.0, stuck)], 120, seed);
        yield return new($"{stuck} tasks that end in the same moment: the last is seen after so many seconds", finished.Delays.Max(), stuck / 300.0);
    }
}
