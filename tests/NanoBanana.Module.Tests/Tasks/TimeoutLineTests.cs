namespace NanoBanana.Module.Tests.Tasks;

public sealed class TimeoutLineTests : ModuleTest
{
    [Fact]
    public void Tasks_that_did_not_end_in_time_are_counted_at_the_end_with_how_to_go_on()
    {
        ShellResult result = Run("'an owl [hold]', 'a fox [hold]' | New-NanoBananaImage | Wait-NanoBananaTask -TimeoutSec 1");

        Assert.Equal(2, result.Errors.Count(e => e.FullyQualifiedErrorId == "TaskTimeout,NanoBanana.Commands.WaitNanoBananaTaskCommand"));
        string line = Assert.Single(result.Warnings);
        Assert.StartsWith("2 tasks did not end in time and continue at the service, paid for. To continue: ", line, StringComparison.Ordinal);
    }
}
