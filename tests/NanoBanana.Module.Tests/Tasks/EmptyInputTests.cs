namespace NanoBanana.Module.Tests.Tasks;

public sealed class EmptyInputTests : ModuleTest
{
    [Fact]
    public void No_tasks_through_the_pipeline_list_nothing_from_the_journal()
    {
        ShellResult result = Run("@() | Get-NanoBananaTask");

        Assert.Empty(result.Good());
    }
}
