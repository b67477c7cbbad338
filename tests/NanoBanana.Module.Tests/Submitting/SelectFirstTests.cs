namespace NanoBanana.Module.Tests.Submitting;

/// <summary>How many images a pipeline buys that wants the first ones only, as the help says.</summary>
public sealed class SelectFirstTests : ModuleTest
{
    private const string Prompts = "1..60 | ForEach-Object { \"prompt $_\" }";

    [Fact]
    public void After_New_it_buys_what_was_on_its_way_too()
    {
        Assert.Equal(2, Run($"{Prompts} | New-NanoBananaImage -ThrottleLimit 4 | Select-Object -First 2").Good().Count);

        Assert.InRange(Emulator.Tasks.Count, 2, 5);
    }

    [Theory]
    [InlineData("New-NanoBananaImage -ThrottleLimit 1 | Select-Object -First 2")]
    [InlineData("Select-Object -First 2 | New-NanoBananaImage")]
    [InlineData("New-NanoBananaImage -MaximumImages 2 -ErrorAction SilentlyContinue")]
    public void Each_way_that_the_help_names_buys_as_many_as_it_says(string commands)
    {
        Assert.Equal(2, Run($"{Prompts} | {commands}").Output.Count);

        Assert.Equal(2, Emulator.Tasks.Count);
    }
}
