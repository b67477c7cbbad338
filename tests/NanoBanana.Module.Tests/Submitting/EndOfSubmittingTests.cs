namespace NanoBanana.Module.Tests.Submitting;

/// <summary>When submitting ends early, the pipeline continues with the accepted tasks.</summary>
public sealed class EndOfSubmittingTests : ModuleTest
{
    private const string Command = "NanoBanana.Commands.NewNanoBananaImageCommand";

    [Theory]
    [InlineData(401, "ApiKeyRejected", ErrorCategory.AuthenticationError)]
    [InlineData(402, "NotPermitted", ErrorCategory.PermissionDenied)]
    [InlineData(403, "NotPermitted", ErrorCategory.PermissionDenied)]
    public void End_of_submitting_is_one_error_with_the_skipped_inputs_and_the_rest_is_saved(
        int status, string errorId, ErrorCategory category)
    {
        Shell["fault"] = EmulatorFault.Status(status);
        ShellResult result = Run("""
            & { 'fox'; 'owl'; $signals.Accepted(2); $emulator.Enqueue('Create', $fault); 'hare'; 'elk'; 'hen' } |
                New-NanoBananaImage -ThrottleLimit 1 | Wait-NanoBananaTask | Save-NanoBananaImage
            """);

        ErrorRecord error = result.OnlyError($"{errorId},{Command}", category);
        Assert.Contains("3 inputs were not submitted", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"({status})", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["hare", "elk", "hen"], Assert.IsType<object[]>(error.TargetObject).Select(t => $"{t}"));
        Assert.Equal(["fox", "owl"], result.Output.Select(f => f.Part("Task").Text("Prompt")).Order());
        Assert.Equal(2, Folder.Files.Count);
        Assert.Equal((3, 2), (Emulator.Counters.CreatesReceived, Emulator.Counters.CreatesAccepted));
        Assert.Single(result.Warnings, w => w.Contains("Submitting has ended"));
    }

    [Fact]
    public void Skipped_inputs_can_be_piped_again()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(403));
        ShellResult result = Run("""
            'fox', [pscustomobject]@{ prompt = 'owl'; aspect_ratio = '3:2' } |
                New-NanoBananaImage -ThrottleLimit 1 -ErrorVariable ended -ErrorAction SilentlyContinue
            $ended.TargetObject | New-NanoBananaImage -ThrottleLimit 1
            """);

        Assert.Equal(2, result.Output.Count);
        Assert.Equal(["""{"prompt":"fox"}""", """{"prompt":"owl","aspect_ratio":"3:2"}"""], Bodies);
    }

    [Fact]
    public void Rejected_key_ends_submitting_at_the_first_answer()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey not-this-servers-key").Ok();
        ErrorRecord error = Run("1..50 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 1")
            .OnlyError("ApiKeyRejected," + Command, ErrorCategory.AuthenticationError);

        Assert.Equal(50, Assert.IsType<object[]>(error.TargetObject).Length);
        Assert.Equal((1, 0), (Emulator.Counters.CreatesReceived, Emulator.Counters.CreatesAccepted));
        Assert.Equal(1, Emulator.Counters.Unauthorized);
    }

    [Fact]
    public void Skipped_inputs_are_in_input_order_with_many_submissions_in_flight()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey not-this-servers-key").Ok();
        ErrorRecord error = Run("1..200 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 64")
            .OnlyError("ApiKeyRejected," + Command, ErrorCategory.AuthenticationError);

        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"fox {i}"), Assert.IsType<object[]>(error.TargetObject).Select(t => $"{t}"));
        Assert.Equal(0, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void Ten_unknown_outcomes_in_a_row_end_submitting()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept(), times: 10);
        ShellResult result = Run("1..15 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 1");

        Assert.Equal(11, result.Errors.Count);
        Assert.All(result.Errors, e => Assert.Equal("SubmissionUnknown," + Command, e.FullyQualifiedErrorId));
        Assert.Equal(
            Enumerable.Range(1, 10).Select(i => $"fox {i}").Order(), result.Errors.Take(10).Select(e => $"{e.TargetObject}").Order());
        Assert.Contains("5 inputs were not submitted", result.Errors[10].ToString(), StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(11, 5).Select(i => $"fox {i}"),
            Assert.IsType<object[]>(result.Errors[10].TargetObject).Select(t => $"{t}"));
        Assert.Equal(10, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Ten_unknown_outcomes_without_more_input_are_ten_errors()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept(), times: 10);
        ShellResult result = Run("1..10 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 1");

        Assert.Equal(10, result.Errors.Count);
        Assert.DoesNotContain("not submitted", result.AllText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Accepted_submission_resets_the_count()
    {
        Shell["fault"] = EmulatorFault.ResetAfterAccept();
        ShellResult result = Run("""
            & {
                1..9 | ForEach-Object { $emulator.Enqueue('Create', $fault); "lost $_"; $signals.Accepted($_) }
                'good'; $signals.Accepted(10)
                11..19 | ForEach-Object { $emulator.Enqueue('Create', $fault); "lost $_"; $signals.Accepted($_) }
                'good too'
            } | New-NanoBananaImage -ThrottleLimit 1
            """);

        Assert.Equal(["good", "good too"], result.Output.Select(t => t.Text("Prompt")));
        Assert.Equal(18, result.Errors.Count);
        Assert.Equal(20, Emulator.Counters.CreatesReceived);
    }
}
