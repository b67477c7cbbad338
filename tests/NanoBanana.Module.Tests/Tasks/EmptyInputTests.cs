namespace NanoBanana.Module.Tests.Tasks;

public sealed class EmptyInputTests : ModuleTest
{
    [Fact]
    public void Empty_pipeline_does_not_list_the_journal()
    {
        ShellResult result = Run("@() | Get-NanoBananaTask");

        Assert.Empty(result.Ok());
    }
}
