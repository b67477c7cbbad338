using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace NanoBanana.Emulator.Tests;

public sealed class DeterminismTests
{
    private static readonly string[] Prompts = [.. Enumerable.Range(0, 60).Select(i => $"prompt {i % 40}")];

    [Fact]
    public async Task Same_seed_repeats_ids_times_and_failures_in_any_order_of_arrival()
    {
        var forwards = await RunAsync(7, Prompts);
        var backwards = await RunAsync(7, [.. Prompts.Reverse()]);
        var other = await RunAsync(8, Prompts);

        Assert.Equal(forwards, backwards);
        Assert.NotEqual(forwards, other);
        Assert.Contains(forwards, task => task.EndsWith("failed", StringComparison.Ordinal));
        Assert.Contains(forwards, task => task.EndsWith("completed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.5K", 8)]
    [InlineData("1K", 12)]
    [InlineData("2K", 18)]
    [InlineData("4K", 30)]
    public async Task Half_of_the_tasks_end_by_the_median_and_nearly_all_by_three_medians(
        string resolution, double median)
    {
        var clock = new FakeTimeProvider();
        using var provider = new Provider(new EmulatorOptions { TimeProvider = clock, TimeScale = 0.5 });
        var ids = new List<string>();
        for (int i = 0; i < 200; i++)
            ids.Add(await provider.CreateIdAsync(new JsonObject { ["prompt"] = $"{i}", ["resolution"] = resolution }));

        clock.Advance(TimeSpan.FromSeconds(median * 0.5));
        Assert.InRange(await CompletedAsync(), 70, 130);
        clock.Advance(TimeSpan.FromSeconds(median));
        Assert.InRange(await CompletedAsync(), 190, 200);

        async Task<int> CompletedAsync()
        {
            int completed = 0;
            foreach (string id in ids)
                completed += await provider.StatusAsync(id) == "completed" ? 1 : 0;
            return completed;
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 200, 200)]
    [InlineData(0.25, 25, 75)]
    public async Task Failure_rate_is_the_share_of_failed_tasks(double rate, int fewest, int most)
    {
        using var provider = new Provider(new EmulatorOptions { TimeScale = 0, FailureRate = rate });
        int failed = 0;
        for (int i = 0; i < 200; i++)
            failed += await provider.StatusAsync(await provider.CreateIdAsync($"{i}")) == "failed" ? 1 : 0;

        Assert.InRange(failed, fewest, most);
    }

    private static async Task<string[]> RunAsync(int seed, string[] prompts)
    {
        var clock = new FakeTimeProvider();
        using var provider = new Provider(new EmulatorOptions { Seed = seed, FailureRate = 0.3, TimeProvider = clock });
        var tasks = new List<string>();
        foreach (string prompt in prompts)
            tasks.Add($"{prompt} {await provider.CreateIdAsync(prompt)}");
        clock.Advance(TimeSpan.FromSeconds(12));
        var outcomes = new List<string>();
        foreach (string task in tasks)
            outcomes.Add($"{task} {await provider.StatusAsync(task.Split(' ')[2])}");
        outcomes.Sort(StringComparer.Ordinal);
        return [.. outcomes];
    }
}
