using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Polling;

/// <summary>Ends of tasks that differ from the documented protocol.</summary>
public sealed class UnexpectedEndTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });
    private readonly TestBench _queue = new(o => o with { Random = () => 0.5, Protocol = ApiProtocol.Queue });

    public void Dispose()
    {
        _bench.Dispose();
        _queue.Dispose();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task A_failed_task_in_an_HTTP_error_with_its_id_ends_the_wait(int status)
    {
        _bench.Api.Script(Answer.Json("""{"id":"t1","status":"failed","error":"boom"}""", status));

        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask("t1")));

        Assert.Equal((ImageTaskStatus.Failed, "boom"), (task.Status, task.Error!.Message));
        Assert.Single(_bench.Api.Requests);
    }

    [Theory]
    [InlineData("""{"id":"another","status":"failed","error":"boom"}""", 500)]
    [InlineData("""{"id":"t1","error":"boom"}""", 500)]
    [InlineData("""{"error":{"code":"INTERNAL","message":"boom"},"request_id":"r"}""", 503)]
    [InlineData("""{"code":500,"msg":"boom"}""", 200)]
    public async Task An_error_of_the_service_does_not_end_the_task(string body, int status)
    {
        _bench.Api.Script(Answer.Json(body, status), Answer.Json(body, status), Answer.Completed());

        Assert.Equal(ImageTaskStatus.Completed, (await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask("t1")))).Status);
    }

    [Fact]
    public async Task A_result_refused_twice_in_a_row_fails_the_task_with_the_reason()
    {
        _queue.Api.Otherwise = r => r.Address.EndsWith("/status", StringComparison.Ordinal)
            ? Answer.Json("""{"status":"COMPLETED","request_id":"t1"}""")
            : Answer.Json("""{"detail":[{"loc":["body","prompt"],"msg":"blocked","type":"content_policy_violation"}]}""", 422);

        ImageTask task = await _queue.Clock.RunAsync(_queue.WaitAsync(_queue.CreateTask("t1")));

        Assert.Equal((ImageTaskStatus.Failed, "body.prompt: blocked"), (task.Status, task.Error!.Message));
        Assert.Equal(4, _queue.Api.Requests.Count);
    }

    [Fact]
    public async Task A_result_not_found_twice_in_a_row_is_TaskNotFound()
    {
        _queue.Api.Otherwise = r => r.Address.EndsWith("/status", StringComparison.Ordinal)
            ? Answer.Json("""{"status":"COMPLETED"}""")
            : Answer.Status(404);

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _queue.Clock.RunAsync(_queue.WaitAsync(_queue.CreateTask("t1"))));

        Assert.Equal(NanoBananaErrorKind.TaskNotFound, error.Kind);
    }

    [Fact]
    public async Task A_status_that_contains_the_images_needs_no_result()
    {
        _queue.Api.Script(Answer.Json("""{"status":"COMPLETED","response":{"images":[{"url":"https://cdn.example/a.png"}]}}"""));

        Assert.Single((await _queue.Clock.RunAsync(_queue.WaitAsync(_queue.CreateTask("t1")))).Image);
        Assert.Single(_queue.Api.Requests);
    }

    [Fact]
    public async Task An_unknown_output_ends_the_wait_and_shows_its_start()
    {
        _bench.Api.Otherwise = _ => Answer.Json(
            """{"id":"t1","status":"completed","output":[{"content":[{"type":"image","file_token":"abc"}]}]}""");

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask("t1"))));

        Assert.Equal(NanoBananaErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("does not support the format of its output", error.Message, StringComparison.Ordinal);
        Assert.Contains(_bench.Observer.Traces, trace => $"{trace}".Contains("file_token", StringComparison.Ordinal));
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task An_inline_image_is_saved_and_requested_again_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        string uri = $"data:image/png;base64,{Convert.ToBase64String(TestImages.Png())}";
        string body = $$"""{"id":"t1","status":"completed","output":[{"content":[{"type":"image","url":"{{uri}}"}]}]}""";
        _bench.Api.Otherwise = _ => Answer.Json(body);
        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask("t1")));

        string kept = TaskSnapshot.Write(task);
        ImageTask restarted = TaskSnapshot.Read(kept);
        SavedImage saved = await _bench.Clock.RunAsync(_bench.SaveAsync(task, folder.Target()));
        byte[] first = File.ReadAllBytes(saved.Path);
        File.Delete(saved.Path);
        SavedImage again = await _bench.Clock.RunAsync(_bench.SaveAsync(restarted, folder.Target()));

        Assert.True(kept.Length < 2000);
        Assert.Equal(TestImages.Png(), first);
        Assert.Equal(first, File.ReadAllBytes(again.Path));
        Assert.Empty(_bench.Downloads.Requests);
    }

    [Fact]
    public async Task A_truncated_inline_image_is_not_saved()
    {
        using var folder = new TemporaryFolder();
        _bench.Api.Otherwise = _ => Answer.Json(
            $$"""{"id":"t1","status":"completed","images":["{{Convert.ToBase64String(TestImages.Png()[..900])}}"]}""");
        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask("t1")));

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.SaveAsync(task, folder.Target()));

        Assert.Equal(NanoBananaErrorKind.NotAnImage, error.Kind);
    }
}
