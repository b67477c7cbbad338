namespace NanoBanana.Module.Tests.Queue;

public sealed class StopTaskTests : QueueModuleTest
{
    private const string Command = "NanoBanana.Commands.StopNanoBananaTaskCommand";

    [Fact]
    public void Task_is_canceled_and_emitted_with_its_new_status()
    {
        Run("$task = New-NanoBananaImage 'fox [hold]' -Name my-fox").Ok();

        ShellResult result = Run("$task | Stop-NanoBananaTask");

        PSObject task = Assert.Single(result.Ok());
        Assert.Equal(("Canceled", "fox [hold]", "my-fox"), (task.Text("Status"), task.Text("Prompt"), task.Text("Name")));
        Assert.Empty(result.Warnings);
        Assert.True(Assert.Single(Emulator.Tasks).IsCanceled);
        Assert.Equal(1, Emulator.Counters.Cancels);
    }

    [Fact]
    public void Ids_bind_by_argument_pipeline_and_property_name()
    {
        Run("$ids = (1..3 | ForEach-Object { \"fox $_ [hold]\" } | New-NanoBananaImage).Id").Ok();

        IReadOnlyList<PSObject> stopped = Run("""
            Stop-NanoBananaTask $ids[0]
            $ids[1] | Stop-NanoBananaTask
            [pscustomobject]@{ Id = $ids[2] } | Stop-NanoBananaTask
            """).Ok();

        Assert.All(stopped, task => Assert.Equal("Canceled", task.Text("Status")));
        Assert.All(Emulator.Tasks, task => Assert.True(task.IsCanceled));
    }

    [Fact]
    public void Late_cancel_is_a_warning_and_the_image_can_be_saved()
    {
        ShellResult result = Run("New-NanoBananaImage fox | Stop-NanoBananaTask | Save-NanoBananaImage -FileName fox");

        Assert.Equal("Completed", Assert.Single(result.Ok()).Part("Task").Text("Status"));
        string id = Emulator.Tasks[0].Id;
        Assert.Equal(
            $"Task {id} had completed before it could be canceled. It is paid for. To save its image, use Save-NanoBananaImage -Id {id}.",
            Assert.Single(result.Warnings));
        Assert.Equal((1, 1), (Emulator.Counters.Cancels, Emulator.Counters.Downloads));
    }

    [Fact]
    public void Cancel_of_a_failed_task_is_a_warning_with_the_reason()
    {
        ShellResult result = Run("New-NanoBananaImage 'fox [fail:5001095]' | Stop-NanoBananaTask");

        Assert.Equal("Failed", Assert.Single(result.Ok()).Text("Status"));
        Assert.Contains(
            "had failed before it could be canceled: INFERENCE_FAILURE",
            Assert.Single(result.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Ended_task_is_emitted_and_nothing_is_sent()
    {
        ShellResult result = Run("New-NanoBananaImage fox -Wait | Stop-NanoBananaTask");

        Assert.Equal("Completed", Assert.Single(result.Ok()).Text("Status"));
        Assert.Single(result.Warnings);
        Assert.Equal(0, Emulator.Counters.Cancels);
    }

    [Fact]
    public void Canceled_task_is_not_an_error_for_the_following_commands()
    {
        Run("$fox = New-NanoBananaImage 'fox [hold]'; $owl = New-NanoBananaImage owl").Ok();

        ShellResult result = Run("$fox, $owl | Stop-NanoBananaTask | Wait-NanoBananaTask | Save-NanoBananaImage");

        Assert.Equal("owl", Assert.Single(result.Ok()).Part("Task").Text("Prompt"));
        Assert.Equal("Canceled", Assert.Single(Run("$fox | Stop-NanoBananaTask").Ok()).Text("Status"));
    }

    [Fact]
    public void WhatIf_shows_the_task_and_cancels_nothing()
    {
        Run("$task = New-NanoBananaImage 'fox [hold]'").Ok();

        ShellResult result = Run("$task | Stop-NanoBananaTask -WhatIf");

        Assert.Empty(result.Ok());
        Assert.Contains(result.HostLines, line =>
            line.Contains("Cancel the task", StringComparison.Ordinal)
            && line.Contains($"{Emulator.Tasks[0].Id} ('fox [hold]')", StringComparison.Ordinal));
        Assert.Equal((0, 0), (Emulator.Counters.Cancels, Emulator.Counters.Polls));
    }

    [Fact]
    public void Generation_protocol_is_refused_before_anything_is_sent()
    {
        ShellResult result = Run("""
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Generation
            'fox' | New-NanoBananaImage | Stop-NanoBananaTask
            """);

        ErrorRecord error = result.OnlyError($"NotSupported,{Command}", ErrorCategory.NotImplemented);
        Assert.Contains("-Protocol Queue", error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Fact]
    public void Missing_id_is_TaskNotFound_and_the_others_are_canceled()
    {
        Run("$task = New-NanoBananaImage 'fox [hold]'").Ok();

        ShellResult result = Run("'mmsu_01hx7z9k3m5n8p2q4r6s8t0v1w', $task.Id | Stop-NanoBananaTask");

        result.OnlyError($"TaskNotFound,{Command}", ErrorCategory.ObjectNotFound);
        Assert.Equal("Canceled", Assert.Single(result.Output).Text("Status"));
    }

    [Fact]
    public void Transient_failure_of_a_cancel_is_retried()
    {
        Run("$task = New-NanoBananaImage 'fox [hold]'").Ok();
        Enqueue(EmulatorOperation.Cancel, EmulatorFault.Status(503));
        Enqueue(EmulatorOperation.Cancel, EmulatorFault.Reset());
        Enqueue(EmulatorOperation.Cancel, EmulatorFault.ResetAfterAccept());

        Assert.Equal("Canceled", Assert.Single(Run("$task | Stop-NanoBananaTask").Ok()).Text("Status"));
        Assert.Equal(4, Emulator.Counters.Cancels);
    }

    [Fact]
    public void Many_tasks_are_canceled()
    {
        ShellResult result = Run(
            "1..60 | ForEach-Object { \"fox $_ [hold]\" } | New-NanoBananaImage -ThrottleLimit 32 | Stop-NanoBananaTask");

        Assert.Equal(60, result.Ok().Count(task => task.Text("Status") == "Canceled"));
        Assert.Equal((60, 60), (Emulator.Counters.Cancels, Emulator.Tasks.Count(task => task.IsCanceled)));
    }

    [Fact]
    public void Connection_parameter_is_used()
    {
        ShellResult result = Run("""
            $c = Get-NanoBananaConnection
            $task = New-NanoBananaImage 'fox [hold]'
            Disconnect-NanoBanana
            $task | Stop-NanoBananaTask -Connection $c
            """);

        Assert.Equal("Canceled", Assert.Single(result.Ok()).Text("Status"));
    }
}
