namespace NanoBanana.Module.Tests.Stopping;

/// <summary>
/// Operations that a stop must not wait for end only after the time-out of the tests, or when a test releases them.
/// </summary>
public sealed class StopTests : ModuleTest
{
    [Fact]
    public async Task Submission_in_flight_is_completed_in_the_background_and_its_id_is_reported()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall());
        ShellRun run = Shell.Begin("New-NanoBananaImage fox | Wait-NanoBananaTask");
        await WaitForEmulatorAsync(c => c.CreatesReceived == 1);

        run.Stop();
        Assert.Equal(0, Emulator.Counters.CreatesAccepted);
        run.End();

        Emulator.Release();
        await WaitForEmulatorAsync(c => c.CreatesAccepted == 1);
        Assert.Contains("Save-NanoBananaImage", await Shell.Host.LineWithAsync(Emulator.Tasks[0].Id), StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Task_accepted_during_the_report_to_the_host_is_reported_too()
    {
        ShellRun run = Shell.Begin("""
            & {
                'owl [hold]'; $signals.Accepted(1)
                $emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::Stall()); 'late'
            } | New-NanoBananaImage -Wait
            """);
        // After its first poll, the first task is leased, so that the stop reports it.
        await WaitForEmulatorAsync(c => c.CreatesReceived == 2 && c.Polls >= 1);
        Shell.Host.OnLine = _ =>
        {
            Shell.Host.OnLine = _ => { };
            Emulator.Release();
            WaitForEmulatorAsync(c => c.CreatesAccepted == 2).Wait();
        };

        run.Stop();
        run.End();
        await WaitForEmulatorAsync(c => c.CreatesAccepted == 2);
        await Shell.Host.LineWithAsync(Emulator.Tasks[1].Id);
    }

    [Fact]
    public async Task Prompts_that_were_not_sent_are_not_sent_after_a_stop()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), times: 2);
        ShellRun run = Shell.Begin("1..20 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 2");
        await WaitForEmulatorAsync(c => c.CreatesReceived == 2);

        run.Stop();
        run.End();
        Emulator.Release();
        await WaitForEmulatorAsync(c => c.CreatesAccepted == 2);
        await Shell.Host.LineWithAsync(Emulator.Tasks[0].Id);
        await Shell.Host.LineWithAsync(Emulator.Tasks[1].Id);

        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Stopped_download_leaves_no_file_and_its_task_is_reported()
    {
        Enqueue(EmulatorOperation.Download, EmulatorFault.Stall());
        ShellRun run = Shell.Begin("New-NanoBananaImage fox -Wait | Save-NanoBananaImage -Destination out");
        await WaitForEmulatorAsync(c => c.Downloads == 1);

        run.Stop();

        Assert.Contains(run.End().HostLines, l => l.Contains(Emulator.Tasks[0].Id, StringComparison.Ordinal));
        // If the stop waited, the download would be retried. The partial file is removed when the canceled download ends.
        Assert.Equal(1, Emulator.Counters.Downloads);
        Assert.DoesNotContain(Folder.Files, f => f.EndsWith(".png", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_does_not_wait_for_a_submission_that_waits_for_Retry_After()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(429, retryAfterSeconds: 300));
        ShellRun run = Shell.Begin("New-NanoBananaImage fox");
        await WaitForEmulatorAsync(c => c.CreatesReceived == 1);

        run.Stop();
        Assert.DoesNotContain(run.End().HostLines, line => line.Contains("paid for and not saved", StringComparison.Ordinal));
        Assert.Equal(0, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public async Task Session_works_after_a_stop()
    {
        ShellRun run = Shell.Begin("New-NanoBananaImage 'fox [hold]' -Wait");
        await WaitForEmulatorAsync(c => c.CreatesAccepted == 1);
        run.Stop();
        run.End();

        var file = (FileInfo)Assert.Single(Run("New-NanoBananaImage owl -OutFile owl.png").Ok()).BaseObject;
        Assert.Equal((1024, 1024), Reading.PixelSize(file.FullName));
    }

    [Fact]
    public void Later_command_that_throws_ends_the_pipeline_and_paid_tasks_are_reported()
    {
        ShellResult result = Run("""
            & { 'quick'; 'slow [hold]'; $signals.Accepted(2); 'last' } | New-NanoBananaImage -ThrottleLimit 1 |
                Wait-NanoBananaTask | ForEach-Object { throw 'enough' }
            """);

        Assert.Equal("enough", Assert.IsType<RuntimeException>(result.Failure).Message);
        string slow = Emulator.Tasks.Single(t => t.Prompt.StartsWith("slow", StringComparison.Ordinal)).Id;
        Assert.Contains(result.HostLines, l => l.Contains(slow, StringComparison.Ordinal));
    }

    [Fact]
    public void Break_in_a_later_command_ends_the_pipeline_and_paid_tasks_are_reported()
    {
        ShellResult result = Run("""
            do { 'quick', 'slow [hold]' | New-NanoBananaImage | Wait-NanoBananaTask | ForEach-Object { $_; break } } while ($false)
            """);

        Assert.Equal("quick", Assert.Single(result.Ok()).Text("Prompt"));
        string slow = Emulator.Tasks.Single(t => t.Prompt.StartsWith("slow", StringComparison.Ordinal)).Id;
        Assert.Contains(result.HostLines, l => l.Contains(slow, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_reports_the_prompts_of_unanswered_submissions()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), times: 2);
        ShellRun run = Shell.Begin("'red fox', 'grey owl' | New-NanoBananaImage");
        await WaitForEmulatorAsync(c => c.CreatesReceived == 2);

        run.Stop();

        string line = Assert.Single(run.End().HostLines);
        Assert.Contains("2 submissions", line, StringComparison.Ordinal);
        Assert.Contains("'red fox'", line, StringComparison.Ordinal);
        Assert.Contains("'grey owl'", line, StringComparison.Ordinal);
        Emulator.Release();
        await WaitForEmulatorAsync(c => c.CreatesAccepted == 2);
        await Shell.Host.LineWithAsync(Emulator.Tasks[0].Id);
        await Shell.Host.LineWithAsync(Emulator.Tasks[1].Id);
    }
}
