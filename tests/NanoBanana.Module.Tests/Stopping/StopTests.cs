namespace NanoBanana.Module.Tests.Stopping;

/// <summary>What a stop must not wait for comes after the patience of the tests has ended, or when a test lets it come.</summary>
public sealed class StopTests : ModuleTest
{
    [Fact]
    public async Task A_submit_on_its_way_is_seen_through_in_the_background_and_its_id_told()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall());
        ShellRun run = Shell.Begin("New-NanoBananaImage fox | Wait-NanoBananaTask");
        await SeenAsync(c => c.CreatesReceived == 1);

        run.Stop();
        Assert.Equal(0, Emulator.Counters.CreatesAccepted);
        run.End();

        Emulator.Release();
        await SeenAsync(c => c.CreatesAccepted == 1);
        Assert.Contains("Save-NanoBananaImage", await Shell.Host.LineWithAsync(Emulator.Tasks[0].Id), StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task A_task_that_is_accepted_while_the_host_is_being_told_is_told_too()
    {
        ShellRun run = Shell.Begin("& { 'owl [hold]'; $signals.Accepted(1); $emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::Stall()); 'late' } | New-NanoBananaImage -Wait");
        // Polled: the first one is in hand, so that there is something to tell.
        await SeenAsync(c => c.CreatesReceived == 2 && c.Polls >= 1);
        Shell.Host.OnLine = _ =>
        {
            Shell.Host.OnLine = _ => { };
            Emulator.Release();
            SeenAsync(c => c.CreatesAccepted == 2).Wait();
        };

        run.Stop();
        run.End();
        await SeenAsync(c => c.CreatesAccepted == 2);
        await Shell.Host.LineWithAsync(Emulator.Tasks[1].Id);
    }

    [Fact]
    public async Task Prompts_that_had_not_left_are_not_sent_after_a_stop()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), times: 2);
        ShellRun run = Shell.Begin("1..20 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 2");
        await SeenAsync(c => c.CreatesReceived == 2);

        run.Stop();
        run.End();
        Emulator.Release();
        await SeenAsync(c => c.CreatesAccepted == 2);
        await Shell.Host.LineWithAsync(Emulator.Tasks[0].Id);
        await Shell.Host.LineWithAsync(Emulator.Tasks[1].Id);

        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task A_stopped_download_leaves_no_file_and_its_task_is_told()
    {
        Enqueue(EmulatorOperation.Download, EmulatorFault.Stall());
        ShellRun run = Shell.Begin("New-NanoBananaImage fox -Wait | Save-NanoBananaImage -Destination out");
        await SeenAsync(c => c.Downloads == 1);

        run.Stop();

        Assert.Contains(run.End().HostLines, l => l.Contains(Emulator.Tasks[0].Id, StringComparison.Ordinal));
        // A stop that waited would meet the download that is tried again. The part of one goes when its download has been told to end.
        Assert.Equal(1, Emulator.Counters.Downloads);
        Assert.DoesNotContain(Folder.Files, f => f.EndsWith(".png", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_while_a_submit_waits_for_the_service_to_come_back_is_quick()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(429, retryAfterSeconds: 300));
        ShellRun run = Shell.Begin("New-NanoBananaImage fox");
        await SeenAsync(c => c.CreatesReceived == 1);

        run.Stop();
        Assert.DoesNotContain(run.End().HostLines, line => line.Contains("paid for and not saved", StringComparison.Ordinal));
        Assert.Equal(0, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public async Task A_session_works_on_after_a_stop()
    {
        ShellRun run = Shell.Begin("New-NanoBananaImage 'fox [hold]' -Wait");
        await SeenAsync(c => c.CreatesAccepted == 1);
        run.Stop();
        run.End();

        Assert.Equal((1024, 1024), Reading.PixelSize(((FileInfo)Assert.Single(Run("New-NanoBananaImage owl -OutFile owl.png").Good()).BaseObject).FullName));
    }

    [Fact]
    public void A_script_below_that_throws_ends_the_pipeline_and_what_was_paid_for_is_told()
    {
        ShellResult result = Run("""
            & { 'quick'; 'slow [hold]'; $signals.Accepted(2); 'last' } | New-NanoBananaImage -ThrottleLimit 1 | Wait-NanoBananaTask | ForEach-Object { throw 'enough' }
            """);

        Assert.Equal("enough", Assert.IsType<RuntimeException>(result.Failure).Message);
        string slow = Emulator.Tasks.Single(t => t.Prompt.StartsWith("slow", StringComparison.Ordinal)).Id;
        Assert.Contains(result.HostLines, l => l.Contains(slow, StringComparison.Ordinal));
    }

    [Fact]
    public void A_downstream_command_that_has_enough_ends_the_pipeline_and_what_was_paid_for_is_told()
    {
        ShellResult result = Run("""
            do { 'quick', 'slow [hold]' | New-NanoBananaImage | Wait-NanoBananaTask | ForEach-Object { $_; break } } while ($false)
            """);

        Assert.Equal("quick", Assert.Single(result.Good()).Text("Prompt"));
        string slow = Emulator.Tasks.Single(t => t.Prompt.StartsWith("slow", StringComparison.Ordinal)).Id;
        Assert.Contains(result.HostLines, l => l.Contains(slow, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_tells_the_prompts_of_submits_without_an_answer()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), times: 2);
        ShellRun run = Shell.Begin("'red fox', 'grey owl' | New-NanoBananaImage");
        await SeenAsync(c => c.CreatesReceived == 2);

        run.Stop();

        string line = Assert.Single(run.End().HostLines);
        Assert.Contains("2 submissions", line, StringComparison.Ordinal);
        Assert.Contains("'red fox'", line, StringComparison.Ordinal);
        Assert.Contains("'grey owl'", line, StringComparison.Ordinal);
        Emulator.Release();
        await SeenAsync(c => c.CreatesAccepted == 2);
        await Shell.Host.LineWithAsync(Emulator.Tasks[0].Id);
        await Shell.Host.LineWithAsync(Emulator.Tasks[1].Id);
    }
}
