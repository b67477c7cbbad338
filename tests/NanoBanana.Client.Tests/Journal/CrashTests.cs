using NanoBanana.Lab.Crash;
using Xunit.Abstractions;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>
/// A short run of the crash harness. The long one is <c>dotnet run --project tests/NanoBanana.Lab -- crash --kills 100 --seed
/// 7</c>.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_batch_that_is_killed_repeatedly_loses_no_task_and_submits_no_request_twice()
    {
        CrashReport report = await CrashRun.RunAsync(
            new CrashOptions { Kills = 5, KillsOfBatch = 5, Seed = 11, Prompts = 25, Progress = output.WriteLine });
        Assert.Equal((5, 25 * report.Batches), (report.Kills.Values.Sum(), report.Images));
    }
}
