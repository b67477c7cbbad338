using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Submitting;

/// <summary>Another session stops the submitting of a run.</summary>
public sealed class StopBatchTests : JournalModuleTest
{
    private const string Command = "NanoBanana.Commands.NewNanoBananaImageCommand";

    [Fact]
    public void Running_command_stops_submitting_and_saves_its_accepted_tasks()
    {
        ShellResult result = Run("""
            & { 'fox'; $signals.Accepted(1); Stop-NanoBananaBatch night; 'owl'; 'hare' } |
                New-NanoBananaImage -Batch night -ThrottleLimit 1 | Save-NanoBananaImage
            """);

        ErrorRecord error = result.OnlyError("BatchStopped," + Command, ErrorCategory.OperationStopped);
        Assert.Equal(["owl", "hare"], Assert.IsType<object[]>(error.TargetObject).Select(t => $"{t}"));
        Assert.Contains("Stop-NanoBananaBatch", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("fox", Assert.Single(result.Output).Part("Task").Text("Prompt"));
        Assert.Equal(1, Emulator.Counters.CreatesReceived);

        // A run that starts later is not affected.
        Run("'fox', 'owl', 'hare' | New-NanoBananaImage -Batch night").Ok();
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void WhatIf_stops_nothing()
    {
        Run("""
            & { 'fox'; $signals.Accepted(1); Stop-NanoBananaBatch night -WhatIf; 'owl' } | New-NanoBananaImage -Batch night -ThrottleLimit 1
            """).Ok();
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Missing_batch_is_an_error_and_pattern_without_a_match_is_not()
    {
        Run("New-NanoBananaImage fox -Batch night").Ok();

        Run("Stop-NanoBananaBatch nihgt").OnlyError(
            "TaskNotFound,NanoBanana.Commands.StopNanoBananaBatchCommand", ErrorCategory.ObjectNotFound);
        Run("Stop-NanoBananaBatch night -Endpoint https://elsewhere.example")
            .OnlyError("TaskNotFound,NanoBanana.Commands.StopNanoBananaBatchCommand", ErrorCategory.ObjectNotFound);
        Run("Stop-NanoBananaBatch day*").Ok();
        Assert.Equal("0", Value("SELECT COUNT(*) FROM stop"));
    }

    [Fact]
    public void Batches_bind_from_the_pipeline_with_their_endpoint()
    {
        Run("New-NanoBananaImage fox -Batch night; New-NanoBananaImage fox -Batch 'day [1]'").Ok();

        Run("Get-NanoBananaBatch night | Stop-NanoBananaBatch; Stop-NanoBananaBatch 'day [1]'").Ok();

        Assert.Equal("1", Value($"SELECT COUNT(*) FROM stop WHERE batch = 'night' AND endpoint = '{Emulator.Endpoint}'"));
        Assert.Equal("1", Value("SELECT COUNT(*) FROM stop WHERE batch = 'day [1]' AND endpoint = ''"));
    }
}
