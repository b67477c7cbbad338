namespace NanoBanana.Module.Tests.Tasks;

/// <summary>-Any returns when the first task ends. The other tasks continue and are not lost.</summary>
public sealed class WaitAnyTests : ModuleTest
{
    [Theory]
    [InlineData("$tasks | Wait-NanoBananaTask -Any")]
    [InlineData("Wait-NanoBananaTask $tasks -Any")]
    [InlineData("Wait-NanoBananaTask -Id $tasks.Id -Any")]
    [InlineData("$tasks.Id | Wait-NanoBananaTask -Any")]
    public void First_ended_task_is_emitted_and_the_others_can_be_waited_for_again(string wait)
    {
        Run("$tasks = 'slow [hold]', 'quick' | New-NanoBananaImage -ThrottleLimit 1").Ok();

        ShellResult result = Run($"$first = @({wait}); $first.Id -eq $tasks[1].Id; $first.Count");
        Assert.Equal(["True", "1"], result.Ok().Select(o => $"{o}"));
        Assert.Empty(result.Warnings);

        Emulator.Release();
        Assert.Equal("Completed", Run("$tasks[0] | Wait-NanoBananaTask -Any").Ok().Single().Text("Status"));
        Assert.Equal((2, 0), (Emulator.Counters.CreatesReceived, Emulator.Counters.Cancels));
    }

    [Fact]
    public void Already_ended_tasks_are_all_emitted()
    {
        Run("$slow = New-NanoBananaImage 'slow [hold]'; $ended = 'fox', 'owl', 'hare' | New-NanoBananaImage | Wait-NanoBananaTask").Ok();

        ShellResult result = Run("$slow, $ended | ForEach-Object { $_ } | Wait-NanoBananaTask -Any");
        Assert.Equal(["fox", "hare", "owl"], result.Ok().Select(t => t.Text("Prompt")).Order());
    }

    [Fact]
    public void After_New_all_input_is_submitted_and_the_other_tasks_are_reported()
    {
        ShellResult result = Run("""
            'slow [hold]', 'quick', 'later [hold]' | New-NanoBananaImage -ThrottleLimit 1 -RunVariable run |
                Wait-NanoBananaTask -Any | Save-NanoBananaImage
            """);

        Assert.Equal("quick", result.Ok().Single().Part("Task").Text("Prompt"));
        string warning = Assert.Single(result.Warnings);
        Assert.Contains("2 tasks", warning, StringComparison.Ordinal);
        Assert.All(
            Emulator.Tasks.Where(task => task.Prompt != "quick"), task => Assert.Contains(task.Id, warning, StringComparison.Ordinal));
        Assert.Contains("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage", warning, StringComparison.Ordinal);
        Assert.Equal(["3", "1", "2", "1"], Run("$run.Bought; $run.Saved; $run.Unsaved; $run.ExitCode").Ok().Select(o => $"{o}"));

        Emulator.Release();
        ShellResult saved = Run("Get-NanoBananaTask -Unsaved -Endpoint $emulator.Endpoint | Save-NanoBananaImage");
        Assert.Equal(["later [hold]", "slow [hold]"], saved.Ok().Select(f => f.Part("Task").Text("Prompt")).Order());
    }

    [Fact]
    public void Failed_task_counts_as_ended()
    {
        ShellResult result = Run("$tasks = 'slow [hold]', 'owl [fail:5001095]' | New-NanoBananaImage; $tasks | Wait-NanoBananaTask -Any");

        result.OnlyError("TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand", ErrorCategory.OperationStopped);
        Assert.Equal("Failed", Assert.Single(result.Output).Text("Status"));
    }

    [Fact]
    public void Id_that_the_service_does_not_have_is_an_error_and_does_not_count_as_ended()
    {
        ShellResult result = Run("$id = (New-NanoBananaImage 'a [hold]').Id; Wait-NanoBananaTask -Id nosuchtask1, $id -Any -TimeoutSec 1");

        Assert.Empty(result.Output);
        Assert.Equal(["TaskNotFound", "TaskTimeout"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
    }

    [Fact]
    public void Time_out_is_an_error_for_each_task()
    {
        Run("$tasks = 'slow [hold]', 'later [hold]' | New-NanoBananaImage").Ok();

        ShellResult result = Run("$tasks | Wait-NanoBananaTask -Any -TimeoutSec 1");

        Assert.Empty(result.Output);
        Assert.Equal(["TaskTimeout", "TaskTimeout"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
    }

    [Fact]
    public void Empty_input_returns_immediately() => Assert.Empty(Run("@() | Wait-NanoBananaTask -Any").Ok());

    [Fact]
    public void Loop_with_Any_emits_every_task_once()
    {
        IReadOnlyList<PSObject> output = Run("""
            $running = @('fox', 'owl [fail:5001095]', 'hare' | New-NanoBananaImage)
            while ($ended = $running | Wait-NanoBananaTask -Any -ErrorAction SilentlyContinue) {
                $ended
                $running = @($running | Where-Object Id -NotIn $ended.Id)
            }
            """).Output;

        Assert.Equal(["fox", "hare", "owl [fail:5001095]"], output.Select(t => t.Text("Prompt")).Order());
    }
}
