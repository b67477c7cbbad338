using System.Net;
using NanoBanana.Client.Http;
using NanoBanana.Client.Purchases;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Submissions with write-ahead journaling: cases that mutation testing found untested.</summary>
public sealed class JournaledSubmitTests : JournalTest
{
    [Fact]
    public async Task An_answer_that_contains_the_image_is_journaled_as_completed()
    {
        var api = new ScriptedHandler(_ => Task.FromResult(
            ScriptedHandler.Json(HttpStatusCode.OK, """{"id":"t1","created":1775831525,"data":[{"url":"https://cdn.example/a.png"}]}""")));
        NanoBananaClient client = ClientOf(api);

        await SubmitAsync(client, Request(batch: "b"));
        ImageTask again = await SubmitAsync(client, Request(batch: "b"));

        Assert.Equal(("t1", ImageTaskStatus.Completed, 1), (again.Id, again.Status, again.Image.Count));
        Assert.Equal(1, api.Requests);
        Assert.Equal(["t1|Completed"], Rows("SELECT id, status FROM task"));
    }

    [Fact]
    public async Task The_task_of_a_batch_request_is_returned_only_in_its_own_dialect()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        await SubmitAsync(ClientOf(api), Request(batch: "b"));
        NanoBananaClient queue = Client(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(Key), Endpoint = Endpoint, Protocol = ApiProtocol.Queue, ApiHandler = api, Journal = () => Handle(),
        });

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(queue, Request(batch: "b")));

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("-Protocol Generation", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task Unknown_submissions_of_an_earlier_run_do_not_end_submitting()
    {
        NanoBananaClient losing = ClientOf(new ScriptedHandler(_ => throw new HttpRequestException("reset")));
        for (int i = 0; i < SubmissionRun.FailuresInARowLimit; i++)
            await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(losing, Request(batch: "b", ordinal: i)));
        ScriptedHandler api = ScriptedHandler.Accepting();
        var run = ClientOf(api).StartRun();

        for (int i = 0; i < SubmissionRun.FailuresInARowLimit; i++)
        {
            NanoBananaException held = await Assert.ThrowsAsync<NanoBananaException>(
                () => run.SubmitAsync(Request(batch: "b", ordinal: i), Observer, default));
            Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, held.Kind);
        }

        Assert.Null(run.StopReason);
        Assert.NotNull(await run.SubmitAsync(Request("another", batch: "b"), Observer, default));
        Assert.Equal(1, api.Requests);
    }
}
