using NanoBanana.Client.Polling;

namespace NanoBanana.Lab.Polls;

/// <summary>The demands on polling with many waiting tasks.</summary>
internal static class Crowds
{
    public static IEnumerable<Demand> Demands(bool quick, int seed)
    {
        var random = new Random(seed);
        Distribution distribution = Distribution.Lognormal(20, 0.5);

        var together = new CrowdStudy([.. Enumerable.Range(0, 500).Select(_ => distribution.Draw(random))], 200, seed);
        yield return new("500 tasks accepted at the same time: most polls in 0.1 s", together.MostIn(0.1), 40);
        yield return new("500 tasks accepted at the same time: tasks whose end was not reported", 500 - together.Delays.Count, 0);

        int stuck = quick ? 2_000 : 10_000;
        var stall = new CrowdStudy([.. Enumerable.Repeat(1e9, stuck)], 120, seed);
        double mostPolls = PollLimiter.Capacity + PollLimiter.TokensPerSecond + 1;
        double laterPolls = stall.Polls.Count(p => p >= 60) / 60.0;
        yield return new($"{stuck} tasks that do not end: most polls in one second", stall.MostIn(1), mostPolls);
        yield return new($"{stuck} tasks that do not end: polls per second after 60 s", laterPolls, PollLimiter.TokensPerSecond + 0.5);

        double[] mixed = [.. Enumerable.Repeat(1e9, 1_000), .. Enumerable.Range(0, 500).Select(_ => 60 + distribution.Draw(random))];
        var recovered = new CrowdStudy(mixed, 300, seed);
        yield return new("500 tasks that end among 1000 that do not: mean delay in seconds", recovered.Delays.Average(), 30);
        yield return new("500 tasks that end among 1000 that do not: tasks whose end was not reported", 500 - recovered.Delays.Count, 0);

        // 32 concurrent polls of 0.1 s each are 320 polls per second.
        var finished = new CrowdStudy([.. Enumerable.Repeat(60.0, stuck)], 120, seed);
        yield return new($"{stuck} tasks that end at the same time: longest delay in seconds", finished.Delays.Max(), stuck / 300.0);
    }
}
