namespace NanoBanana.Module.Tests.Submitting;

public sealed class SubmitFaultTests : ModuleTest
{
    private const string Command = "NanoBanana.Commands.NewNanoBananaImageCommand";

    public static TheoryData<string, EmulatorFault> FaultsWithUnknownOutcome => new()
    {
        { "reset after acceptance", EmulatorFault.ResetAfterAccept() },
        { "reset", EmulatorFault.Reset() },
        { "half an answer", EmulatorFault.CutBody() },
        { "web page instead of an answer", EmulatorFault.Garbage().AfterAccept() },
        { "500", EmulatorFault.Status(500) },
        { "502", EmulatorFault.Status(502).AfterAccept() },
        { "503 without Retry-After", EmulatorFault.Status(503) },
    };

    [Theory]
    [MemberData(nameof(FaultsWithUnknownOutcome))]
    public void Unknown_outcome_is_an_error_with_its_input_and_is_not_sent_again(string story, EmulatorFault fault)
    {
        Assert.NotEmpty(story);
        // The connection is already in use. A fault on a pooled connection must not be treated as a stale connection.
        Run("New-NanoBananaImage first").Ok();
        Enqueue(EmulatorOperation.Create, fault);

        ShellResult result = Run("New-NanoBananaImage fox");

        ErrorRecord error = result.OnlyError("SubmissionUnknown," + Command, ErrorCategory.OperationStopped);
        Assert.Equal("fox", $"{error.TargetObject}");
        Assert.Contains("may be paid for", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Submission_with_Retry_After_is_sent_again_and_accepted_once()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(429, retryAfterSeconds: 0));
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(503, retryAfterSeconds: 0));

        Assert.Single(Run("New-NanoBananaImage fox").Ok());
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
        Assert.Equal(1, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void Rejected_submission_is_InvalidRequest_with_the_message_of_the_service()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(400, body: """{"error":{"code":"moderated","message":"not this fox"}}"""));

        ShellResult result = Run("'fox', 'owl' | New-NanoBananaImage -ThrottleLimit 1");

        ErrorRecord error = result.OnlyError("InvalidRequest," + Command, ErrorCategory.InvalidArgument);
        Assert.Contains("not this fox", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("fox", $"{error.TargetObject}");
        Assert.Equal("owl", Assert.Single(result.Output).Text("Prompt"));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Answer_200_with_an_error_is_not_a_task()
    {
        ShellResult result = Run("New-NanoBananaImage 'fox [refuse]'");
        Assert.Empty(result.Output);
        result.OnlyError("InvalidRequest," + Command, ErrorCategory.InvalidArgument);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Concurrent_creates_are_limited_by_ThrottleLimit()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), times: 9);

        ShellRun run = Shell.Begin("1..9 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 3");
        for (int done = 0; done < 9; done += 3)
        {
            int seen = done + 3;
            await WaitForEmulatorAsync(c => c.CreatesReceived == seen && c.ConcurrentRequests == 3);
            Emulator.Release();
        }

        Assert.Equal(9, run.End().Ok().Count);
        Assert.Equal(3, Emulator.Counters.PeakConcurrentRequests);
        Assert.Equal(9, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void Unreachable_endpoint_is_ConnectionFailed_with_advice()
    {
        Run("Connect-NanoBanana -Endpoint http://127.0.0.1:1 -ApiKey $emulator.ApiKey -MaximumRetryCount 0").Ok();
        ErrorRecord error = Run("New-NanoBananaImage fox").OnlyError("ConnectionFailed," + Command, ErrorCategory.ConnectionError);
        Assert.Equal("fox", $"{error.TargetObject}");
        Assert.Contains("Get-NanoBananaConnection", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }
}
