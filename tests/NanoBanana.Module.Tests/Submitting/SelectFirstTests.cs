namespace NanoBanana.Module.Tests.Submitting;

/// <summary>The number of images that a pipeline submits if it needs only the first ones, as in the help.</summary>
public sealed class SelectFirstTests : ModuleTest
{
    private const string Prompts = "1..60 | ForEach-Object { \"prompt $_\" }";

    [Fact]
    public void Select_First_after_New_also_submits_requests_in_flight()
    {
        Assert.Equal(2, Run($"{Prompts} | New-NanoBananaImage -ThrottleLimit 4 | Select-Object -First 2").Ok().Count);

        Assert.InRange(Emulator.Tasks.Count, 2, 5);
    }

    [Theory]
    [InlineData("New-NanoBananaImage -ThrottleLimit 1 | Select-Object -First 2")]
    [InlineData("Select-Object -First 2 | New-NanoBananaImage")]
    [InlineData("New-NanoBananaImage -MaximumImages 2 -ErrorAction SilentlyContinue")]
    public void Each_documented_pipeline_submits_the_documented_number(string commands)
    {
        Assert.Equal(2, Run($"{Prompts} | {commands}").Output.Count);

        Assert.Equal(2, Emulator.Tasks.Count);
    }
}
