using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>The names of one service are one endpoint, even for entries of older versions.</summary>
public class ServiceNamesTests : JournalTest
{
    private static readonly Uri Made = new("https://odirouter.ai/");
    private static readonly Uri Other = new("https://api.odirouter.ai/");

    [Theory]
    [InlineData("https://odirouter.ai/", "https://api.odirouter.ai/")]
    [InlineData("https://api.odirouter.ai/model/v1/queue", "https://www.odirouter.ai/")]
    [InlineData("https://odirouter.ai/model", "https://cloud.seaart.ai/")]
    [InlineData("https://vtrix.ai/model/v1/generation", "https://cloud.vtrix.ai/model")]
    public async Task Two_names_of_one_service_are_one_endpoint_of_a_batch(string first, string second)
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        ImageTask bought = await SubmitAsync(ClientOf(api, endpoint: new Uri(first)), Request(batch: "b"));
        NanoBananaClient other = ClientOf(api, endpoint: new Uri(second));

        Assert.Equal(bought.Id, (await SubmitAsync(other, Request(batch: "b"))).Id);

        Assert.Equal(1, api.Requests);
        Assert.Equal("a red fox", other.TaskById(bought.Id, Observer).Prompt);
    }

    [Fact]
    public async Task An_entry_made_under_another_name_of_the_service_reserves_its_request()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api, endpoint: new Uri("https://cloud.seaart.ai/"));
        await SubmitAsync(client, Request(batch: "b"));
        string old = RequestKey.AllOf(Request(batch: "b"), new Uri("https://odirouter.ai/"), withVersion1: false)[1];
        Execute($"UPDATE task SET endpoint = 'https://odirouter.ai/', request_key = '{old}', held_key = '{old}'");

        await SubmitAsync(client, Request(batch: "b"));
        await SubmitAsync(ClientOf(api, endpoint: new Uri("https://api.odirouter.ai/model")), Request(batch: "b"));

        Assert.Equal(1, api.Requests);
        Assert.Equal([$"https://odirouter.ai/|{old}"], Rows("SELECT endpoint, held_key FROM task"));
    }

    [Fact]
    public async Task A_newer_status_under_another_name_updates_the_existing_entry()
    {
        TaskJournal journal = Open();
        await journal.UpdateAsync(Accepted(Request(), "t1", Made), ApiProtocol.Queue).WaitAsync(TestTimeout.Limit);

        await journal.UpdateAsync(Completed(Accepted(Request(), "t1", Other)), ApiProtocol.Queue).WaitAsync(TestTimeout.Limit);

        Assert.Equal(["https://odirouter.ai/|t1|Completed"], Rows("SELECT endpoint, id, status FROM task"));
        Assert.Equal(["t1"], journal.Reader.LastCompleted(Other, 10).Select(task => task.Id));
    }

    [Fact]
    public async Task A_file_saved_under_another_name_belongs_to_the_existing_entry()
    {
        TaskJournal journal = Open();
        await journal.UpdateAsync(Completed(Accepted(Request(), "t1", Made)), ApiProtocol.Queue).WaitAsync(TestTimeout.Limit);
        ImageTask task = Completed(Accepted(Request(), "t1", Other));
        Assert.True(journal.Reader.IsUnsaved(task));

        await journal.RecordFileAsync(task, 0, new SavedFile("/images/a.png", "5eed", 3), saved: true).WaitAsync(TestTimeout.Limit);

        Assert.False(journal.Reader.IsUnsaved(task));
        Assert.Equal("/images/a.png", Assert.Single(journal.Reader.Files(task, 0)).Path);
    }

    [Fact]
    public async Task An_entry_is_leased_and_removed_under_any_name()
    {
        TaskJournal journal = Open();
        await journal.UpdateAsync(Accepted(Request(), "t1", Made), ApiProtocol.Queue).WaitAsync(TestTimeout.Limit);
        ImageTask task = Accepted(Request(), "t1", Other);

        using (journal.LeaseTask(task, Observer))
        {
            await journal.FlushAsync().WaitAsync(TestTimeout.Limit);
            Assert.Equal([ProcessIdentity.Mine], Rows("SELECT process FROM task JOIN lease ON instance = owner"));
        }
        await journal.FlushAsync().WaitAsync(TestTimeout.Limit);
        Assert.Equal([""], Rows("SELECT owner FROM task"));

        Assert.True(await journal.RemoveAsync(task).WaitAsync(TestTimeout.Limit));
        Assert.Empty(Rows("SELECT id FROM task"));
    }

    [Fact]
    public async Task Another_service_has_its_own_entries()
    {
        TaskJournal journal = Open();
        await journal.UpdateAsync(Completed(Accepted(Request(), "t1", Made)), ApiProtocol.Queue).WaitAsync(TestTimeout.Limit);
        ImageTask task = Completed(Accepted(Request(), "t1", new Uri("https://cloud.vtrix.ai/")));

        Assert.False(journal.Reader.IsUnsaved(task));
        Assert.Null(journal.Reader.Find(task.Endpoint!, "t1"));
        Assert.False(await journal.RemoveAsync(task).WaitAsync(TestTimeout.Limit));
        await journal.UpdateAsync(task, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);

        Assert.Equal(2, Rows("SELECT id FROM task").Count);
    }
}
