using NanoBanana.Client.Tests.Journal;
using NanoBanana.Emulator;
using NanoBanana.Lab.Crash;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>Separate processes with the staged module that share a journal.</summary>
public sealed class BudgetProcessTests : JournalTest
{
    [Fact]
    public async Task Processes_that_share_a_journal_submit_exactly_the_budget_of_the_day()
    {
        const int Limit = 10;
        using EmulatorServer emulator = EmulatorServer.Start(new EmulatorOptions { ApiKey = Key, TimeScale = 0.01 });
        var journal = new JournalView(Path.Combine(Folder, "journal.db"));
        var environment = new Dictionary<string, string?> { ["NANOBANANA_MAXIMUM_IMAGES_PER_DAY"] = $"{Limit}" };
        Batch[] batches = [.. Enumerable.Range(0, 4).Select(i => new Batch(Folder, i, 12, journal))];
        ChildProcess[] children = [.. batches.Select(batch => Opened(new ChildProcess(batch, emulator, resubmit: false, environment)))];
        await Task.WhenAll(children.Select(child => child.ReadyAsync()));

        IReadOnlyList<string[]>[] lines = await Task.WhenAll(children.Select(child => child.EndAsync()));

        Assert.Equal(Limit, emulator.Counters.CreatesReceived);
        Assert.Equal(Limit, batches.Sum(batch => batch.Images.Count));
        Assert.All(lines, process => Assert.Equal(
            "BudgetExhausted,NanoBanana.Commands.NewNanoBananaImageCommand", Assert.Single(process, line => line[0] == "error")[2]));
    }
}
