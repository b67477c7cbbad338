using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Submitting;

/// <summary>A run of any length keeps a limited number of tasks: the commands before Save wait until it can take more.</summary>
public sealed class BackpressureTests : JournalModuleTest
{
    public BackpressureTests() => SetJournal("off");

    [Fact]
    public void Nothing_else_is_submitted_while_Save_is_at_its_limit()
    {
        var input = new Input();
        Shell["tasks"] = input;
        using ShellSession other = new ShellSession(Folder.Path).Import();
        other["emulator"] = Emulator;
        other.Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey").Ok();

        ShellRun run = Shell.Begin("""
            & { 1..5000 | ForEach-Object { "fox $_ [hold]" }; $tasks.End() } | New-NanoBananaImage -ThrottleLimit 64 |
                ForEach-Object { $tasks.Pass(); $_ } | Save-NanoBananaImage -Destination out
            """);
        // Submissions of another session are the clock: the run waits if none of its tasks passes in the time of many others.
        int before;
        do
        {
            before = input.Passed;
            Assert.Equal(100, other.Run("1..100 | ForEach-Object { \"owl $_\" } | New-NanoBananaImage -ThrottleLimit 1").Ok().Count);
            Assert.False(input.HasEnded, $"{input.Passed} tasks were submitted and leased, and none is saved.");
        }
        while (before == 0 || input.Passed > before);

        run.Stop();
        run.End();
        Assert.Empty(Folder.Files);
    }

    /// <summary>The progress of the input, which the script reports.</summary>
    public sealed class Input
    {
        private int _passed;

        /// <summary>The number of tasks that reached Save.</summary>
        public int Passed => Volatile.Read(ref _passed);

        /// <summary>Whether all prompts were read.</summary>
        public bool HasEnded { get; private set; }

        public void Pass() => Interlocked.Increment(ref _passed);

        public void End() => HasEnded = true;
    }
}
