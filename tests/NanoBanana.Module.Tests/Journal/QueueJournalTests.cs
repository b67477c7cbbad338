namespace NanoBanana.Module.Tests.Journal;

/// <summary>The journal under the queue protocol, and that each task is gone on with under its own.</summary>
public sealed class QueueJournalTests : JournalModuleTest
{
    private const string Queue = "Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Queue";
    private const string Generation = "Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Generation";

    public QueueJournalTests() => Run(Queue).Good();

    [Fact]
    public void A_batch_buys_once_and_what_a_script_left_is_finished_by_one_line()
    {
        IReadOnlyList<string> first = Ids("'fox', 'owl' | New-NanoBananaImage -Batch b");
        Assert.Equal(first.Order(StringComparer.Ordinal), Ids("'fox', 'owl' | New-NanoBananaImage -Batch b").Order(StringComparer.Ordinal));
        Assert.All(Run("Get-NanoBananaTask -Batch b").Good(), task => Assert.Equal(("Queue", "Pending"), (task.Text("Protocol"), task.Text("Status"))));

        Assert.Equal(2, Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination out").Good().Count);
        Assert.Empty(Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination out").Good());
        Assert.Equal((2, 2), (Emulator.Tasks.Count, Emulator.Counters.Downloads));
    }

    [Fact]
    public void A_task_of_the_journal_is_gone_on_with_under_its_own_protocol_alone()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage fox"));
        Run(Generation).Good();

        ErrorRecord error = Run($"Save-NanoBananaImage -Id {id}").OnlyError("InvalidRequest,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Contains("made under the protocol Queue and this connection speaks Generation", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(id, error.Target().Text("Id"));
        ShellResult listed = Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage");
        Assert.Empty(listed.Output);
        Assert.Empty(listed.Errors);
        Assert.Contains("under the protocol Queue", Assert.Single(listed.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, Emulator.Counters.Polls);

        Run(Queue).Good();
        Assert.Single(Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage").Good());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Wait")]
    [InlineData("-OutFile fox.png")]
    public void A_batch_that_changes_its_protocol_buys_nothing_again_and_says_how_to_go_on(string how)
    {
        Run("New-NanoBananaImage fox -Batch b").Good();
        Run(Generation).Good();

        ErrorRecord error = Run($"New-NanoBananaImage fox -Batch b {how}").OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);

        Assert.Contains("Connect with -Protocol Queue", error.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (Emulator.Counters.CreatesReceived, Emulator.Counters.Polls));
        Run(Queue).Good();
        Run("New-NanoBananaImage fox -Batch b -OutFile fox.png").Good();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_cancel_is_in_the_journal_and_frees_its_request()
    {
        Run("'fox [hold]', 'owl [hold]' | New-NanoBananaImage -Batch b").Good();

        Assert.Equal(2, Run("Get-NanoBananaTask -Batch b -Status Pending | Stop-NanoBananaTask").Good().Count);

        Assert.Equal(2, Run("Get-NanoBananaTask -Batch b -Status Canceled").Good().Count);
        Assert.Empty(Run("Get-NanoBananaTask -Unsaved").Good());
        Assert.Single(Run("'fox [hold]' | New-NanoBananaImage -Batch b").Good());
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_cancel_that_came_too_late_leaves_an_image_that_is_still_to_be_saved()
    {
        Run("'fox' | New-NanoBananaImage -Batch b | Stop-NanoBananaTask").Good();

        Assert.Single(Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage").Good());
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b").Good());
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_wait_that_cancels_keeps_that()
    {
        Run("'fox [hold]' | New-NanoBananaImage -Batch b | Wait-NanoBananaTask -TimeoutSec 1 -StopOnTimeout");

        Assert.Equal("Canceled", Assert.Single(Run("Get-NanoBananaTask -Batch b").Good()).Text("Status"));
    }
}
