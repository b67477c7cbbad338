namespace NanoBanana.Module.Tests.Tasks;

public sealed class WaitTests : ModuleTest
{
    [Fact]
    public async Task Each_task_is_emitted_when_it_ends_while_others_run()
    {
        ShellRun run = Shell.Begin("'slow [hold]', 'quick' | New-NanoBananaImage | Wait-NanoBananaTask");

        Assert.Equal("quick", (await run.FirstOutputAsync()).Text("Prompt"));
        Assert.True(run.IsRunning);
        Emulator.Release();
        Assert.Equal(["quick", "slow [hold]"], run.End().Ok().Select(t => t.Text("Prompt")));
    }

    [Theory]
    [InlineData(5001095, "005001095", "Internal generation error")]
    [InlineData(5001096, "005001096", "Result parsing error")]
    [InlineData(5001097, "005001097", "HTTP error response")]
    [InlineData(5001098, "005001098", "Synchronous generation error")]
    [InlineData(77, "77", "Unknown error")]
    public void Failed_task_is_an_error_with_code_meaning_and_task(int code, string shown, string meaning)
    {
        ShellResult result = Run($"'fox', 'owl [fail:{code}]', 'hare' | New-NanoBananaImage | Wait-NanoBananaTask");

        ErrorRecord error = result.OnlyError("TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand", ErrorCategory.OperationStopped);
        Assert.Contains(shown, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(meaning, error.ToString(), StringComparison.Ordinal);
        PSObject task = error.Target();
        Assert.Equal(($"owl [fail:{code}]", "Failed"), (task.Text("Prompt"), task.Text("Status")));
        Assert.Equal(shown, task.Part("Error").Text("Code"));
        Assert.Equal(["Completed", "Completed", "Failed"], result.Output.Select(t => t.Text("Status")).Order());
    }

    [Fact]
    public void Save_does_not_repeat_a_failure_that_Wait_reported()
    {
        ShellResult result = Run("'fox', 'owl [fail:5001095]', 'hare' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage");

        result.OnlyError("TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand", ErrorCategory.OperationStopped);
        Assert.Equal(["fox", "hare"], result.Output.Select(f => f.Part("Task").Text("Prompt")).Order());
    }

    [Fact]
    public void Save_reports_a_failure_that_was_not_reported_before()
    {
        ShellResult result = Run("'fox [fail:5001095]', 'owl' | New-NanoBananaImage | Save-NanoBananaImage");

        ErrorRecord error = result.OnlyError("TaskFailed,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.OperationStopped);
        Assert.Equal("fox [fail:5001095]", error.Target().Text("Prompt"));
        Assert.Single(result.Output);
    }

    [Fact]
    public void Canceled_task_is_emitted_with_its_own_error()
    {
        ShellResult result = Run("New-NanoBananaImage 'fox [status:canceled]' | Wait-NanoBananaTask");
        result.OnlyError("Canceled,NanoBanana.Commands.WaitNanoBananaTaskCommand", ErrorCategory.OperationStopped);
        Assert.Equal("Canceled", Assert.Single(result.Output).Text("Status"));
    }

    [Fact]
    public void Unknown_status_counts_as_running_with_one_warning()
    {
        ShellResult result = Run("'fox [status:simmering]', 'owl [status:simmering]' | New-NanoBananaImage | Wait-NanoBananaTask");
        Assert.Equal(["Completed", "Completed"], result.Ok().Select(t => t.Text("Status")));
        Assert.Contains("simmering", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Timed_out_task_is_an_error_and_can_be_waited_for_again()
    {
        ShellResult result = Run("'fox [hold]', 'owl' | New-NanoBananaImage | Wait-NanoBananaTask -TimeoutSec 2 -ErrorVariable late");

        ErrorRecord error = result.OnlyError("TaskTimeout,NanoBanana.Commands.WaitNanoBananaTaskCommand", ErrorCategory.OperationTimeout);
        Assert.Equal(("fox [hold]", "Running"), (error.Target().Text("Prompt"), error.Target().Text("Status")));
        Assert.Equal("owl", Assert.Single(result.Output).Text("Prompt"));

        Emulator.Release();
        Assert.Equal("Completed", Assert.Single(Run("$late.TargetObject | Wait-NanoBananaTask").Ok()).Text("Status"));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Transient_failure_of_a_poll_is_retried_without_a_message()
    {
        Enqueue(EmulatorOperation.Poll, EmulatorFault.Status(502));
        Enqueue(EmulatorOperation.Poll, EmulatorFault.Garbage());
        Enqueue(EmulatorOperation.Poll, EmulatorFault.Reset());

        Assert.Equal("Completed", Assert.Single(Run("New-NanoBananaImage fox | Wait-NanoBananaTask").Ok()).Text("Status"));
        Assert.Equal(4, Emulator.Counters.Polls);
    }

    [Fact]
    public void Ids_bind_by_argument_pipeline_and_property_name()
    {
        Run("$tasks = 'fox', 'owl', 'hare' | New-NanoBananaImage; $ids = $tasks.Id").Ok();

        IReadOnlyList<PSObject> ended = Run("""
            Wait-NanoBananaTask $ids[0]
            $ids[1] | Wait-NanoBananaTask
            [pscustomobject]@{ Id = $ids[2] } | Wait-NanoBananaTask
            """).Ok();

        Assert.Equal(["Completed", "Completed", "Completed"], ended.Select(t => t.Text("Status")));
        Assert.Equal(3, ended.Select(t => t.Text("Id")).Distinct().Count());
    }
}
