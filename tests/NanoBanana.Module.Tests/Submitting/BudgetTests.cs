using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Submitting;

/// <summary>The limits of a run and of a day.</summary>
public sealed class BudgetTests : JournalModuleTest
{
    private const string Command = "NanoBanana.Commands.NewNanoBananaImageCommand";

    private static readonly string[] Variables =
        [
            "NANOBANANA_MAXIMUM_IMAGES", "NANOBANANA_MAXIMUM_IMAGES_PER_DAY", "NANOBANANA_MAXIMUM_TOKENS",
            "NANOBANANA_MAXIMUM_COST_PER_DAY", "NANOBANANA_MAXIMUM_COST_PER_IMAGE",
        ];

    public override void Dispose()
    {
        foreach (string variable in Variables)
            Environment.SetEnvironmentVariable(variable, null);
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Exhausted_budget_is_one_error_with_the_skipped_inputs_and_the_rest_is_saved()
    {
        ShellResult result = Run("""
            1..8 | ForEach-Object { "fox $_" } | New-NanoBananaImage -MaximumImages 5 -ThrottleLimit 16 | Save-NanoBananaImage
            """);

        ErrorRecord error = result.OnlyError("BudgetExhausted," + Command, ErrorCategory.LimitsExceeded);
        Assert.Contains("3 inputs were not submitted", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("5 images (-MaximumImages or $env:NANOBANANA_MAXIMUM_IMAGES)", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, Assert.IsType<object[]>(error.TargetObject).Length);
        Assert.Equal(5, Folder.Files.Count(file => file.EndsWith(".png", StringComparison.Ordinal)));
        Assert.Equal(5, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Skipped_inputs_can_be_piped_again()
    {
        Run("""
            'fox', 'owl' | New-NanoBananaImage -MaximumImages 1 -ThrottleLimit 1 -ErrorVariable ended -ErrorAction SilentlyContinue
            $ended.TargetObject | New-NanoBananaImage
            """);
        Assert.Equal(["""{"prompt":"fox"}""", """{"prompt":"owl"}"""], Bodies);
    }

    [Fact]
    public void Daily_limit_applies_to_all_runs()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -MaximumImagesPerDay 3").Ok();
        Run("'a', 'b' | New-NanoBananaImage").Ok();

        ErrorRecord error = Run("'c', 'd' | New-NanoBananaImage").OnlyError("BudgetExhausted," + Command, ErrorCategory.LimitsExceeded);

        Assert.Contains(
            "(UTC) is exhausted. The limit is 3 images (-MaximumImagesPerDay or $env:NANOBANANA_MAXIMUM_IMAGES_PER_DAY)",
            error.ToString(),
            StringComparison.Ordinal);
        Assert.EndsWith("The limit starts again at midnight UTC.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Raise the limit, and run the inputs in TargetObject again.", error.ErrorDetails.RecommendedAction);
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
        Assert.Equal("3", Run("(Get-NanoBananaConnection).MaximumImagesPerDay").Ok().Single().ToString());
    }

    [Fact]
    public void Lower_limit_of_parameter_and_environment_applies()
    {
        Environment.SetEnvironmentVariable("NANOBANANA_MAXIMUM_IMAGES", "2");
        Run("1..4 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -MaximumImages 3")
            .OnlyError("BudgetExhausted," + Command, ErrorCategory.LimitsExceeded);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
        Run("1..4 | ForEach-Object { \"owl $_\" } | New-NanoBananaImage -MaximumImages 1")
            .OnlyError("BudgetExhausted," + Command, ErrorCategory.LimitsExceeded);
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
    }

    [Theory]
    [InlineData("NANOBANANA_MAXIMUM_IMAGES_PER_DAY", "many")]
    [InlineData("NANOBANANA_MAXIMUM_IMAGES", "-1")]
    [InlineData("NANOBANANA_MAXIMUM_TOKENS", "1.5")]
    [InlineData("NANOBANANA_MAXIMUM_COST_PER_DAY", "5,00")]
    public void Invalid_limit_in_the_environment_ends_the_command_before_a_submission(string variable, string value)
    {
        Environment.SetEnvironmentVariable(variable, value);
        ErrorRecord error = Run("'fox', 'owl' | New-NanoBananaImage").OnlyError("InvalidRequest," + Command, ErrorCategory.InvalidArgument);
        Assert.Contains(variable, error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Fact]
    public void Budget_without_a_journal_is_one_error_before_anything_is_sent()
    {
        SetJournal("off");
        Run("'fox', 'owl' | New-NanoBananaImage -MaximumImages 5").OnlyError(
            "JournalRequired," + Command, ErrorCategory.ResourceUnavailable);
        AssertNothingSent();
    }

    [Fact]
    public void Cost_limit_requires_a_price()
    {
        ErrorRecord error = Run("'fox', 'owl' | New-NanoBananaImage -MaximumCost 1 -ThrottleLimit 1")
            .OnlyError("InvalidRequest," + Command, ErrorCategory.InvalidArgument);
        Assert.Contains("-MaximumCostPerImage", error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();

        Environment.SetEnvironmentVariable("NANOBANANA_MAXIMUM_COST_PER_IMAGE", "0.40");
        Run("1..4 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -MaximumCost 1")
            .OnlyError("BudgetExhausted," + Command, ErrorCategory.LimitsExceeded);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Cost_limit_without_a_price_ends_the_pipeline_before_anything_is_sent()
    {
        const string Catch = "try { 'fox', 'owl' | New-NanoBananaImage -MaximumCost 1 } catch { $_.FullyQualifiedErrorId }";
        Assert.Equal($"InvalidRequest,{Command}", Assert.Single(Run(Catch).Ok()).BaseObject);
        AssertNothingSent();
    }

    [Fact]
    public void Request_that_the_batch_already_has_requires_no_price()
    {
        Run("'fox' | New-NanoBananaImage -Batch b").Ok();
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b -MaximumCost 1").Ok());
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void WhatIf_shows_what_fits_the_budget_and_reserves_nothing()
    {
        Run("New-NanoBananaImage fox").Ok();
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -MaximumImagesPerDay 3").Ok();

        ShellResult result = Run("1..4 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -WhatIf");

        Assert.Contains("buy 2 images", result.AllText(), StringComparison.Ordinal);
        Assert.Contains("2 exceed the budget", result.AllText(), StringComparison.Ordinal);
        Assert.Contains("Buy nothing: The budget of the day", result.AllText(), StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.Equal("1", Value("SELECT SUM(images) FROM spending WHERE scope LIKE '2%-%-%'"));
    }
}
