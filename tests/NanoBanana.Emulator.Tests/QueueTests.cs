using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace NanoBanana.Emulator.Tests;

/// <summary>The queue dialect. It has the same port and the same store of tasks as the other dialect.</summary>
public sealed class QueueTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1775831525));
    private readonly QueueProvider _provider;

    public QueueTests() => _provider = new QueueProvider(new EmulatorOptions { TimeProvider = _clock });

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Create_takes_only_the_parameters_and_returns_a_long_id_and_addresses()
    {
        var answer = await _provider.CreateAsync(new JsonObject { ["prompt"] = "a red fox", ["aspect_ratio"] = "16:9" });

        Assert.Equal(["request_id", "response_url", "status_url", "cancel_url", "queue_position"], Names(answer));
        string id = answer.GetProperty("request_id").GetString()!;
        Assert.Matches("^mmsu_01hx[0-9a-z]{22}$", id);
        Assert.Equal(0, answer.GetProperty("queue_position").GetInt32());
        foreach (string what in (string[])["response", "status", "cancel"])
            Assert.Equal(_provider.Server.Endpoint + QueueProvider.PathOf(id, what), answer.GetProperty(what + "_url").GetString());
        var task = Assert.Single(_provider.Server.Tasks);
        Assert.Equal((id, "queue", "a red fox"), (task.Id, task.Protocol, task.Prompt));
    }

    [Fact]
    public async Task Task_is_queued_then_runs_and_completes()
    {
        string id = await _provider.CreateIdAsync("a red fox [seconds:100]");

        var queued = await _provider.StatusAsync(id);
        _clock.Advance(TimeSpan.FromSeconds(14));
        var nearlyFirst = await _provider.StatusAsync(id);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var running = await _provider.StatusAsync(id);
        _clock.Advance(TimeSpan.FromSeconds(85));
        var completed = await _provider.StatusAsync(id);

        Assert.Equal(["IN_QUEUE", "IN_QUEUE", "IN_PROGRESS", "COMPLETED"], new[] { queued, nearlyFirst, running, completed }.Select(Word));
        Assert.All([queued, nearlyFirst, running], answer => Assert.Equal(["status", "request_id", "response_url"], Names(answer)));
        Assert.Equal(["status", "request_id", "response_url", "metrics"], Names(completed));
        Assert.Equal(100, completed.GetProperty("metrics").GetProperty("inference_time").GetDouble());
    }

    [Fact]
    public async Task Task_without_a_duration_is_never_queued() =>
        Assert.Equal("IN_PROGRESS", await _provider.StatusWordAsync(await _provider.CreateIdAsync("fox [seconds:0][hold]")));

    [Fact]
    public async Task Result_has_the_image_with_its_size_and_the_text()
    {
        var created = await _provider.CreateAsync(new JsonObject { ["prompt"] = "fox [seconds:0]", ["aspect_ratio"] = "16:9" });
        string id = created.GetProperty("request_id").GetString()!;

        var result = await _provider.ResultAsync(id);

        Assert.Equal(["request_id", "outputs", "metadata"], Names(result));
        var image = result.GetProperty("outputs")[0];
        Assert.Equal(["type", "url", "content_type", "file_name", "file_size", "width", "height"], Names(image));
        Assert.Equal((1376, 768), (image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32()));
        using var client = new HttpClient();
        byte[] file = await client.GetByteArrayAsync(image.GetProperty("url").GetString());
        Assert.Equal(file.Length, image.GetProperty("file_size").GetInt32());
        Assert.Equal("text", result.GetProperty("outputs")[1].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Result_of_an_unfinished_task_is_202_with_its_status()
    {
        string id = await _provider.CreateIdAsync("fox [hold]");
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal("IN_PROGRESS", Word(await _provider.ResultAsync(id, HttpStatusCode.Accepted)));
        Assert.Equal((0, 1), (_provider.Server.Counters.Polls, _provider.Server.Counters.Results));
    }

    [Fact]
    public async Task Failed_task_is_COMPLETED_with_an_error()
    {
        var status = await _provider.StatusAsync(await _provider.CreateIdAsync("fox [seconds:0][fail:5001095]"));

        Assert.Equal(
            ("COMPLETED", "Internal generation error", "INFERENCE_FAILURE"),
            (Word(status), status.GetProperty("error").GetString(), status.GetProperty("error_type").GetString()));
    }

    [Fact]
    public async Task Status_words_of_the_prompt_are_reported_one_for_each_poll()
    {
        string id = await _provider.CreateIdAsync("[status:IN_QUEUE] fox [status:COMPLETED][hold]");
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("IN_QUEUE", await _provider.StatusWordAsync(id));
        Assert.Equal("COMPLETED", await _provider.StatusWordAsync(id));
        Assert.Equal("IN_PROGRESS", await _provider.StatusWordAsync(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" [hold]")]
    public async Task Cancel_ends_a_running_task_and_can_be_repeated(string directive)
    {
        string id = await _provider.CreateIdAsync("fox" + directive);

        Assert.Equal("CANCELLATION_REQUESTED", Word(await _provider.CancelAsync(id, HttpStatusCode.Accepted)));
        Assert.Equal("CANCELLATION_REQUESTED", Word(await _provider.CancelAsync(id, HttpStatusCode.Accepted)));

        var status = await _provider.StatusAsync(id);
        Assert.Equal(
            ("COMPLETED", "The request was canceled", "CANCELED"),
            (Word(status), status.GetProperty("error").GetString(), status.GetProperty("error_type").GetString()));
        Assert.Equal(
            "The request was canceled", (await _provider.ResultAsync(id, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());
        Assert.True(Assert.Single(_provider.Server.Tasks).IsCanceled);
        Assert.Equal(2, _provider.Server.Counters.Cancels);
    }

    [Fact]
    public async Task Cancel_after_the_end_is_refused_and_has_no_effect()
    {
        string id = await _provider.CreateIdAsync("fox [seconds:0]");

        Assert.Equal("ALREADY_COMPLETED", Word(await _provider.CancelAsync(id, HttpStatusCode.BadRequest)));

        Assert.Equal("COMPLETED", await _provider.StatusWordAsync(id));
        Assert.False(Assert.Single(_provider.Server.Tasks).IsCanceled);
    }

    [Theory]
    [InlineData("GET", "model/v1/queue/nano_banana_2/requests/mmsu_nope/status")]
    [InlineData("GET", "model/v1/queue/nano_banana_2/requests/mmsu_nope/response")]
    [InlineData("GET", "model/v1/queue/other/requests/{0}/status")]
    public async Task Unknown_id_or_model_returns_404_with_a_detail(string method, string path)
    {
        string id = await _provider.CreateIdAsync("fox");
        using var request =
            new HttpRequestMessage(new HttpMethod(method), string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id));
        using var response = await _provider.Client.SendAsync(request);

        Assert.Equal("""{"detail":"Request not found"}""", (await Provider.ReadAsync(response, HttpStatusCode.NotFound)).GetRawText());
    }

    [Fact]
    public async Task Cancel_of_an_unknown_id_returns_404_with_a_status() =>
        Assert.Equal("""{"status":"NOT_FOUND"}""", (await _provider.CancelAsync("mmsu_nope", HttpStatusCode.NotFound)).GetRawText());

    [Fact]
    public async Task Task_is_found_only_in_the_dialect_of_its_submission()
    {
        string queued = await _provider.CreateIdAsync("fox");
        string generated = await _provider.Generation.CreateIdAsync("fox");

        using var one = await _provider.Client.GetAsync("model/v1/generation/task/" + queued);
        using var other = await _provider.Client.GetAsync(QueueProvider.PathOf(generated, "status"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (one.StatusCode, other.StatusCode));
        Assert.Equal(["queue", "generation"], _provider.Server.Tasks.Select(task => task.Protocol));
        Assert.Equal(2, _provider.Server.CountByPrompt()["fox"]);
        Assert.Equal((2, 2), (_provider.Server.Counters.CreatesAccepted, _provider.Server.Counters.Polls));
    }

    [Theory]
    [InlineData("Bearer", HttpStatusCode.OK)]
    [InlineData("Key", HttpStatusCode.OK)]
    [InlineData("Basic", HttpStatusCode.Unauthorized)]
    public async Task Key_is_accepted_with_both_authorization_schemes(string word, HttpStatusCode status)
    {
        _provider.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(word, _provider.Server.GetApiKey());

        using var response = await _provider.PostAsync("""{"prompt":"fox"}""");

        var answer = await Provider.ReadAsync(response, status);
        Assert.True(answer.TryGetProperty("request_id", out _));
        if (status == HttpStatusCode.Unauthorized)
            Assert.Equal("UNAUTHORIZED", answer.GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("{}", "prompt is required")]
    [InlineData("""{"prompt":"fox","size":1}""", "size is not a parameter")]
    [InlineData("""{"model":"nano_banana_2","input":[{"params":{"prompt":"fox"}}]}""", "model is not a parameter")]
    [InlineData("[]", "must be an object")]
    public async Task Invalid_request_returns_400_with_a_detail(string json, string part)
    {
        using var response = await _provider.PostAsync(json);

        Assert.Contains(part, (await Provider.ReadAsync(response, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());
        Assert.Equal((0, 1), (_provider.Server.Tasks.Count, _provider.Server.Counters.CreatesRefused));
    }

    [Fact]
    public async Task Unknown_model_returns_404()
    {
        using var response = await _provider.PostAsync("""{"prompt":"fox"}""", model: "other");

        Assert.Equal("""{"detail":"App not found: other"}""", (await Provider.ReadAsync(response, HttpStatusCode.NotFound)).GetRawText());
    }

    [Fact]
    public async Task Refused_submission_has_a_detail_and_no_id()
    {
        var answer = await _provider.CreateAsync(Provider.Parameters("fox [refuse]"));

        Assert.Equal(["detail"], Names(answer));
        Assert.Empty(_provider.Server.Tasks);
    }

    [Fact]
    public async Task Faults_of_results_and_cancels_are_queued_separately()
    {
        string id = await _provider.CreateIdAsync("fox [seconds:0]");
        _provider.Server.Enqueue(EmulatorOperation.Result, EmulatorFault.Status(502));
        _provider.Server.Enqueue(EmulatorOperation.Cancel, EmulatorFault.Status(503));

        Assert.Equal("COMPLETED", await _provider.StatusWordAsync(id));
        await _provider.ResultAsync(id, HttpStatusCode.BadGateway);
        await _provider.CancelAsync(id, HttpStatusCode.ServiceUnavailable);
        await _provider.ResultAsync(id);
    }

    [Fact]
    public async Task Path_accepts_only_its_own_method()
    {
        string id = await _provider.CreateIdAsync("fox");
        using var response = await _provider.Client.PostAsync(QueueProvider.PathOf(id, "cancel"), null);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "PUT"), (response.StatusCode, response.Content.Headers.Allow.Single()));
    }

    private static string Word(JsonElement answer) => answer.GetProperty("status").GetString()!;

    private static IEnumerable<string> Names(JsonElement answer) => answer.EnumerateObject().Select(field => field.Name);
}
