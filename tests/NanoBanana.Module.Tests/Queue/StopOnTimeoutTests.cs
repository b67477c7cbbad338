namespace NanoBanana.Module.Tests.Queue;

public sealed class StopOnTimeoutTests : QueueModuleTest
{
    private const string Command = "NanoBanana.Commands.WaitNanoBananaTaskCommand";

    [Fact]
    public void Timed_out_task_is_canceled_and_reported_as_TaskTimeout()
    {
        ShellResult result = Run("""
            $tasks = @(New-NanoBananaImage 'fox [hold]'; New-NanoBananaImage owl -Wait)
            $tasks | Wait-NanoBananaTask -TimeoutSec 1 -StopOnTimeout
            """);

        ErrorRecord error = result.OnlyError($"TaskTimeout,{Command}", ErrorCategory.OperationTimeout);
        string id = Emulator.Tasks.Single(task => task.IsCanceled).Id;
        Assert.Equal($"Task {id} did not end within 1 seconds and was canceled.", error.ToString());
        Assert.Equal(("fox [hold]", "Canceled"), (error.Target().Text("Prompt"), error.Target().Text("Status")));
        Assert.Equal("owl", Assert.Single(result.Output).Text("Prompt"));
        Assert.Empty(result.Warnings);
        Assert.Equal(1, Emulator.Counters.Cancels);
    }

    [Fact]
    public async Task Late_cancel_is_reported_and_the_error_target_can_be_saved()
    {
        Enqueue(EmulatorOperation.Cancel, EmulatorFault.Stall());
        ShellRun run = Shell.Begin(
            "'fox [hold]' | New-NanoBananaImage | Wait-NanoBananaTask -TimeoutSec 1 -StopOnTimeout -ErrorVariable late");
        await WaitForEmulatorAsync(c => c.Cancels == 1);
        // The task completes before the cancel is received.
        Emulator.Release();
        ShellResult result = run.End();

        ErrorRecord error = result.OnlyError($"TaskTimeout,{Command}", ErrorCategory.OperationTimeout);
        string id = Emulator.Tasks[0].Id;
        Assert.Equal(
            $"Task {id} did not end within 1 seconds and had completed before it could be canceled. It is paid for. To save its image, use "
            + $"Save-NanoBananaImage -Id {id}.",
            error.ToString());
        Assert.Empty(result.Output);
        Assert.Empty(result.Warnings);
        Assert.Single(Run("$late.TargetObject | Save-NanoBananaImage").Ok());
    }

    [Fact]
    public void Refused_cancel_leaves_the_task_running_and_is_counted()
    {
        Enqueue(EmulatorOperation.Cancel, EmulatorFault.Status(405));

        ShellResult result = Run("'fox [hold]' | New-NanoBananaImage | Wait-NanoBananaTask -TimeoutSec 1 -StopOnTimeout");

        ErrorRecord error = result.OnlyError($"TaskTimeout,{Command}", ErrorCategory.OperationTimeout);
        Assert.Contains(
            "could not be canceled, so it continues and is paid for. The service does not cancel task",
            error.ToString(),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "1 task did not end in time. It continues at the service", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_does_not_cancel_the_remaining_tasks()
    {
        ShellResult result = Run("'fox [hold]', 'owl' | New-NanoBananaImage -ThrottleLimit 1 | Wait-NanoBananaTask -Any -StopOnTimeout");

        Assert.Equal("owl", result.Ok().Single().Text("Prompt"));
        Assert.Equal(0, Emulator.Counters.Cancels);
    }

    [Fact]
    public void Any_cancels_timed_out_tasks()
    {
        ShellResult result = Run("'fox [hold]', 'owl [hold]' | New-NanoBananaImage | Wait-NanoBananaTask -Any -Timeout 1 -StopOnTimeout");

        Assert.Equal([$"TaskTimeout,{Command}", $"TaskTimeout,{Command}"], result.Errors.Select(e => e.FullyQualifiedErrorId));
        Assert.All(Emulator.Tasks, task => Assert.True(task.IsCanceled));
    }

    [Fact]
    public void Generation_protocol_is_refused_before_anything_is_sent()
    {
        ShellResult result = Run("""
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Generation
            'fox' | New-NanoBananaImage | Wait-NanoBananaTask -StopOnTimeout
            """);

        result.OnlyError($"NotSupported,{Command}", ErrorCategory.NotImplemented);
        AssertNothingSent();
    }

    [Fact]
    public void Without_the_switch_nothing_is_canceled()
    {
        Run("'fox [hold]' | New-NanoBananaImage | Wait-NanoBananaTask -TimeoutSec 1")
            .OnlyError($"TaskTimeout,{Command}", ErrorCategory.OperationTimeout);
        Assert.Equal(0, Emulator.Counters.Cancels);
    }
}
