using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Stopping;

/// <summary>Without a journal, the ids that a stop reports are the only reference to the images.</summary>
public sealed class StopWithoutJournalTests : JournalModuleTest
{
    public StopWithoutJournalTests() => SetJournal("off");

    [Fact]
    public async Task Stopped_wait_reports_a_command_that_saves_the_images()
    {
        ShellRun run = Shell.Begin("'fox [hold]', 'owl [hold]' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage");
        await WaitForEmulatorAsync(c => c.Polls >= 2);

        run.Stop();

        ShellResult result = run.End();
        Assert.IsType<PipelineStoppedException>(result.Failure);
        string line = Assert.Single(result.HostLines, l => l.Contains("paid for and not saved"));
        Assert.All(Emulator.Tasks, task => Assert.Contains(task.Id, line, StringComparison.Ordinal));
        Assert.Empty(result.Errors);

        // The message contains a command that works.
        Emulator.Release();
        string command = line[line.IndexOf("Save-NanoBananaImage", StringComparison.Ordinal)..];
        Assert.Equal(2, Run(command).Ok().Count);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Stop_reports_all_ids_of_many_tasks()
    {
        const int Tasks = 120;
        ShellRun run = Shell.Begin($$"""
            1..{{Tasks}} | ForEach-Object { "fox $_ [hold]" } | New-NanoBananaImage -ThrottleLimit 64 | Wait-NanoBananaTask
            """);
        await WaitForEmulatorAsync(c => c.CreatesAccepted == Tasks && c.Polls >= Tasks);

        run.Stop();

        string reported = string.Join('\n', run.End().HostLines);
        Assert.All(Emulator.Tasks, task => Assert.Contains(task.Id, reported, StringComparison.Ordinal));
        Assert.DoesNotContain("…", reported, StringComparison.Ordinal);
    }
}
