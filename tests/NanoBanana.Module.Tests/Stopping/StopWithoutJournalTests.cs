using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Stopping;

/// <summary>Without a journal the ids that a stop tells are the only way to the images.</summary>
public sealed class StopWithoutJournalTests : JournalModuleTest
{
    public StopWithoutJournalTests() => Name("off");

    [Fact]
    public async Task Stopping_a_wait_is_quick_and_the_host_is_told_how_to_go_on()
    {
        ShellRun run = Shell.Begin("'fox [hold]', 'owl [hold]' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage");
        await SeenAsync(c => c.Polls >= 2);

        run.Stop();

        ShellResult result = run.End();
        Assert.IsType<PipelineStoppedException>(result.Failure);
        string line = Assert.Single(result.HostLines, l => l.Contains("paid for and not saved"));
        Assert.All(Emulator.Tasks, task => Assert.Contains(task.Id, line, StringComparison.Ordinal));
        Assert.Empty(result.Errors);

        // The line is a command that works.
        Emulator.Release();
        string command = line[line.IndexOf("Save-NanoBananaImage", StringComparison.Ordinal)..];
        Assert.Equal(2, Run(command).Good().Count);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task A_stop_tells_every_id_however_many_there_are()
    {
        const int Tasks = 120;
        ShellRun run = Shell.Begin($"1..{Tasks} | ForEach-Object {{ \"fox $_ [hold]\" }} | New-NanoBananaImage -ThrottleLimit 64 | Wait-NanoBananaTask");
        await SeenAsync(c => c.CreatesAccepted == Tasks && c.Polls >= Tasks);

        run.Stop();

        string said = string.Join('\n', run.End().HostLines);
        Assert.All(Emulator.Tasks, task => Assert.Contains(task.Id, said, StringComparison.Ordinal));
        Assert.DoesNotContain("…", said, StringComparison.Ordinal);
    }
}
