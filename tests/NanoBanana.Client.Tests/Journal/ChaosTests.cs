using NanoBanana.Lab.Chaos;
using Xunit.Abstractions;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>
/// A short run of the chaos harness. The long one is <c>dotnet run --project tests/NanoBanana.Lab -- chaos --tasks 5000 --rate 0.1
/// --seed 7</c>.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Generation")]
    [InlineData("Queue")]
    public async Task Under_random_faults_every_prompt_has_one_outcome_and_the_seed_reproduces_it(string protocol)
    {
        IReadOnlyList<ChaosReport> rounds = await ChaosRun.RunAsync(new ChaosOptions
        {
            Tasks = 200, Rate = 0.1, Seed = 11, Protocol = protocol, Limit = TimeSpan.FromMinutes(4), Progress = output.WriteLine,
        });
        Assert.Equal(2, rounds.Count);
    }
}
