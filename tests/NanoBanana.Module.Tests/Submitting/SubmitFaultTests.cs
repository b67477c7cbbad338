namespace NanoBanana.Module.Tests.Submitting;

public sealed class SubmitFaultTests : ModuleTest
{
    private const string Command = "NanoBanana.Commands.NewNanoBananaImageCommand";

    public static TheoryData<string, EmulatorFault> FaultsAfterWhichNobodyKnows => new()
    {
        { "reset after it was accepted", EmulatorFault.ResetAfterAccept() },
        { "reset", EmulatorFault.Reset() },
        { "half an answer", EmulatorFault.CutBody() },
        { "a page in its place", EmulatorFault.Garbage().AfterAccept() },
        { "500", EmulatorFault.Status(500) },
        { "502", EmulatorFault.Status(502).AfterAccept() },
        { "503 that names no time", EmulatorFault.Status(503) },
    };

    [Theory]
    [MemberData(nameof(FaultsAfterWhichNobodyKnows))]
    public void A_submit_of_unknown_fate_is_an_error_about_its_input_and_is_never_sent_twice(string story, EmulatorFault fault)
    {
        Assert.NotEmpty(story);
        // The connection is in use already: a fault on a pooled one must not be taken for a stale one.
        Run("New-NanoBananaImage first").Good();
        Enqueue(EmulatorOperation.Create, fault);

        ShellResult result = Run("New-NanoBananaImage fox");

        ErrorRecord error = result.OnlyError("SubmissionUnknown," + Command, ErrorCategory.OperationStopped);
        Assert.Equal("fox", $"{error.TargetObject}");
        Assert.Contains("may have been bought", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_submit_that_was_told_to_come_back_is_sent_again_and_bought_once()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(429, retryAfterSeconds: 0));
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(503, retryAfterSeconds: 0));

        Assert.Single(Run("New-NanoBananaImage fox").Good());
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
        Assert.Equal(1, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void A_submit_that_the_service_refuses_is_InvalidRequest_with_its_words_and_the_rest_goes_on()
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
    public void An_answer_200_with_an_error_in_it_is_no_task()
    {
        ShellResult result = Run("New-NanoBananaImage 'fox [refuse]'");
        Assert.Empty(result.Output);
        result.OnlyError("InvalidRequest," + Command, ErrorCategory.InvalidArgument);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Creates_at_once_are_bounded_by_ThrottleLimit()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), times: 9);

        ShellRun run = Shell.Begin("1..9 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 3");
        for (int done = 0; done < 9; done += 3)
        {
            int seen = done + 3;
            await SeenAsync(c => c.CreatesReceived == seen && c.ConcurrentRequests == 3);
            Emulator.Release();
        }

        Assert.Equal(9, run.End().Good().Count);
        Assert.Equal(3, Emulator.Counters.PeakConcurrentRequests);
        Assert.Equal(9, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void Nobody_listens_is_ConnectionFailed_and_says_where_to_look()
    {
        Run("Connect-NanoBanana -Endpoint http://127.0.0.1:1 -ApiKey $emulator.ApiKey -MaximumRetryCount 0").Good();
        ErrorRecord error = Run("New-NanoBananaImage fox").OnlyError("ConnectionFailed," + Command, ErrorCategory.ConnectionError);
        Assert.Equal("fox", $"{error.TargetObject}");
        Assert.Contains("Get-NanoBananaConnection", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }
}
