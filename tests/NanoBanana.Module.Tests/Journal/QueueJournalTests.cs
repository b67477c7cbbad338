namespace NanoBanana.Module.Tests.Journal;

/// <summary>The journal with the queue dialect. Each task is continued only with its own dialect.</summary>
public sealed class QueueJournalTests : JournalModuleTest
{
    private const string Queue = "Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Queue";
    private const string Generation = "Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Generation";

    public QueueJournalTests() => Run(Queue).Ok();

    [Fact]
    public void Batch_is_submitted_once_and_unsaved_tasks_are_saved_by_one_pipeline()
    {
        IReadOnlyList<string> first = Ids("'fox', 'owl' | New-NanoBananaImage -Batch b");
        Assert.Equal(first.Order(StringComparer.Ordinal), Ids("'fox', 'owl' | New-NanoBananaImage -Batch b").Order(StringComparer.Ordinal));
        Assert.All(
            Run("Get-NanoBananaTask -Batch b").Ok(),
            task => Assert.Equal(("Queue", "Pending"), (task.Text("Protocol"), task.Text("Status"))));

        Assert.Equal(2, Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination out").Ok().Count);
        Assert.Empty(Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination out").Ok());
        Assert.Equal((2, 2), (Emulator.Tasks.Count, Emulator.Counters.Downloads));
    }

    [Fact]
    public void Task_from_the_journal_is_continued_only_with_its_own_protocol()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage fox"));
        Run(Generation).Ok();

        ErrorRecord error = Run($"Save-NanoBananaImage -Id {id}").OnlyError(
            "InvalidRequest,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Contains("belongs to the protocol Queue, and this connection uses Generation", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(id, error.Target().Text("Id"));
        ShellResult listed = Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage");
        Assert.Empty(listed.Output);
        Assert.Empty(listed.Errors);
        Assert.Contains("with the protocol Queue", Assert.Single(listed.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, Emulator.Counters.Polls);

        Run(Queue).Ok();
        Assert.Single(Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage").Ok());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Wait")]
    [InlineData("-OutFile fox.png")]
    public void Batch_with_another_protocol_submits_nothing_and_names_the_right_protocol(string parameters)
    {
        Run("New-NanoBananaImage fox -Batch b").Ok();
        Run(Generation).Ok();

        ErrorRecord error = Run($"New-NanoBananaImage fox -Batch b {parameters}").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);

        Assert.Contains("Connect with -Protocol Queue", error.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (Emulator.Counters.CreatesReceived, Emulator.Counters.Polls));
        Run(Queue).Ok();
        Run("New-NanoBananaImage fox -Batch b -OutFile fox.png").Ok();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Canceled_task_is_journaled_and_its_request_can_be_submitted_again()
    {
        Run("'fox [hold]', 'owl [hold]' | New-NanoBananaImage -Batch b").Ok();

        Assert.Equal(2, Run("Get-NanoBananaTask -Batch b -Status Pending | Stop-NanoBananaTask").Ok().Count);

        Assert.Equal(2, Run("Get-NanoBananaTask -Batch b -Status Canceled").Ok().Count);
        Assert.Empty(Run("Get-NanoBananaTask -Unsaved").Ok());
        Assert.Single(Run("'fox [hold]' | New-NanoBananaImage -Batch b").Ok());
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Late_cancel_leaves_an_image_that_can_be_saved()
    {
        Run("'fox' | New-NanoBananaImage -Batch b | Stop-NanoBananaTask").Ok();

        Assert.Single(Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage").Ok());
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b").Ok());
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Cancel_by_a_wait_is_journaled()
    {
        Run("'fox [hold]' | New-NanoBananaImage -Batch b | Wait-NanoBananaTask -TimeoutSec 1 -StopOnTimeout");

        Assert.Equal("Canceled", Assert.Single(Run("Get-NanoBananaTask -Batch b").Ok()).Text("Status"));
    }
}
