using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Submitting;

/// <summary>A run of any length holds a bounded number of tasks: what saves them has the commands above wait for room.</summary>
public sealed class BackpressureTests : JournalModuleTest
{
    public BackpressureTests() => Name("off");

    [Fact]
    public void Nothing_more_is_bought_while_Save_has_no_room()
    {
        var input = new Input();
        Shell["tasks"] = input;
        using ShellSession other = new ShellSession(Folder.Path).Import();
        other["emulator"] = Emulator;
        other.Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey").Good();

        ShellRun run = Shell.Begin("""
            & { 1..5000 | ForEach-Object { "fox $_ [hold]" }; $tasks.End() } | New-NanoBananaImage -ThrottleLimit 64 |
                ForEach-Object { $tasks.Pass(); $_ } | Save-NanoBananaImage -Destination out
            """);
        // The purchases of another session are the clock: the run waits when none of its tasks comes through in the time of many others.
        int before;
        do
        {
            before = input.Passed;
            Assert.Equal(100, other.Run("1..100 | ForEach-Object { \"owl $_\" } | New-NanoBananaImage -ThrottleLimit 1").Good().Count);
            Assert.False(input.HasEnded, $"{input.Passed} tasks that nobody has saved were bought and taken in hand.");
        }
        while (before == 0 || input.Passed > before);

        run.Stop();
        run.End();
        Assert.Empty(Folder.Files);
    }

    /// <summary>What the script tells of its input.</summary>
    public sealed class Input
    {
        private int _passed;

        /// <summary>Tasks that came to Save.</summary>
        public int Passed => Volatile.Read(ref _passed);

        /// <summary>Whether all prompts were taken.</summary>
        public bool HasEnded { get; private set; }

        public void Pass() => Interlocked.Increment(ref _passed);

        public void End() => HasEnded = true;
    }
}
