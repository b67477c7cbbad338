using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Old entries are removed by age, so the clock of the machine must be correct.</summary>
public sealed class RetentionTests : JournalTest
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SettableClock _clock = new(Now.AddDays(-100));

    [Theory]
    [InlineData(0)]
    [InlineData(-23)]
    [InlineData(23)]
    public async Task Old_entries_are_removed_after_an_answer_confirms_the_clock(int hours)
    {
        await CreateOldEntryAsync();
        await SubmitAndEndAsync(date: Now.AddHours(hours));
        Assert.Equal(["new"], Ids());
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    [InlineData(2)]
    public async Task With_a_clock_that_differs_by_more_than_a_day_no_entry_is_removed(int days)
    {
        await CreateOldEntryAsync();
        await SubmitAndEndAsync(date: Now.AddDays(days));
        Assert.Equal(["new", "old"], Ids());
    }

    [Fact]
    public async Task Opening_the_journal_or_an_answer_without_a_date_removes_no_entry()
    {
        await CreateOldEntryAsync();
        await SubmitAndEndAsync(date: null);
        Assert.Equal(["new", "old"], Ids());
    }

    [Fact]
    public async Task A_service_on_this_machine_does_not_confirm_the_clock()
    {
        await CreateOldEntryAsync();
        await SubmitAndEndAsync(date: Now, new Uri("http://127.0.0.1:5000/"));
        Assert.Equal(["new", "old"], Ids());
    }

    [Fact]
    public async Task Old_entries_are_removed_once_per_process()
    {
        await CreateOldEntryAsync();
        await SubmitAndEndAsync(date: Now);
        _clock.Now = Now.AddDays(200);
        await SubmitAndEndAsync(date: _clock.Now, id: "newer");
        Assert.Equal(["newer", "new"], Ids());
    }

    private async Task CreateOldEntryAsync()
    {
        TaskJournal journal = Handle(time: _clock).Require();
        await AcceptTaskAsync(journal, Request(), "old");
        await journal.UpdateAsync(Accepted(Request(), "old") with { Status = ImageTaskStatus.Failed }, ApiProtocol.Generation);
        _clock.Now = Now;
    }

    /// <summary>Submits and ends the new task, so that only its age keeps it.</summary>
    private async Task SubmitAndEndAsync(DateTimeOffset? date, Uri? endpoint = null, string id = "new")
    {
        Answer answer = Answer.Accepted(id);
        using var api = new ScriptedHandler(
            _ => (date is { } known ? answer.With("Date", known.ToString("R")) : answer).Make(CancellationToken.None));
        NanoBananaClient client = Client(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(Key),
            Endpoint = endpoint ?? Endpoint,
            ApiHandler = api,
            Time = _clock,
        });
        // Like the commands: the connection is shared, and each command has its own journal.
        ImageTask task = await SubmitAsync(client.With(() => Handle(time: _clock)), Request());
        await Handle().Require().UpdateAsync(task with { Status = ImageTaskStatus.Failed }, ApiProtocol.Generation);
        await Handle().Require().FlushAsync();
    }

    private IEnumerable<string> Ids() => Handle().Require().Reader.List(new JournalFilter()).Select(task => task.Id);
}
