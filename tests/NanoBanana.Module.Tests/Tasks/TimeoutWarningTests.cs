namespace NanoBanana.Module.Tests.Tasks;

public sealed class TimeoutWarningTests : ModuleTest
{
    [Fact]
    public void Timed_out_tasks_are_counted_in_one_warning_with_the_next_command()
    {
        ShellResult result = Run("'an owl [hold]', 'a fox [hold]' | New-NanoBananaImage | Wait-NanoBananaTask -TimeoutSec 1");

        Assert.Equal(2, result.Errors.Count(e => e.FullyQualifiedErrorId == "TaskTimeout,NanoBanana.Commands.WaitNanoBananaTaskCommand"));
        string line = Assert.Single(result.Warnings);
        Assert.StartsWith(
            "2 tasks did not end in time. They continue at the service and are paid for. To continue: ",
            line,
            StringComparison.Ordinal);
    }
}
