using System.Net;

namespace NanoBanana.Emulator.Tests;

public sealed class CreateTests : IDisposable
{
    private readonly Provider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Submission_returns_only_a_task_in_progress()
    {
        var task = await _provider.CreateAsync(Provider.Parameters("a red fox"));

        Assert.Equal(["id", "created_at", "status", "model"], task.EnumerateObject().Select(field => field.Name));
        Assert.Matches("^[a-z0-9]{20}$", task.GetProperty("id").GetString());
        Assert.Equal("in_progress", task.GetProperty("status").GetString());
        Assert.Equal("nano_banana_2", task.GetProperty("model").GetString());
        Assert.InRange(
            DateTimeOffset.UtcNow.ToUnixTimeSeconds() - task.GetProperty("created_at").GetInt64(), 0, 60);
    }

    [Fact]
    public async Task Equal_submissions_create_different_tasks()
    {
        string first = await _provider.CreateIdAsync("twice");
        string second = await _provider.CreateIdAsync("twice");

        Assert.NotEqual(first, second);
        Assert.Equal(2, _provider.Server.CountByPrompt()["twice"]);
    }

    [Fact]
    public async Task Every_answer_has_its_own_request_id()
    {
        var ids = new HashSet<string>();
        for (int i = 0; i < 20; i++)
        {
            using var response = i % 2 == 0
                ? await _provider.PostAsync(Provider.Parameters("a red fox"))
                : await _provider.Client.GetAsync("model/v1/generation/task/unknown");
            Assert.True(ids.Add(response.Headers.GetValues("x-request-id").Single()));
        }
    }

    [Theory]
    [InlineData("wrong-key")]
    [InlineData("{0}2")]
    [InlineData("X{0}")]
    [InlineData("emulator-key")]
    public async Task Wrong_key_returns_401_and_creates_no_task(string key)
    {
        using var client = _provider.NewClient(key.Replace("{0}", _provider.Server.GetApiKey(), StringComparison.Ordinal));
        using var response = await client.PostAsync(
            "model/v1/generation", Provider.Json(Provider.Body(Provider.Parameters("a red fox")).ToJsonString()));

        var body = await Provider.ReadAsync(response, HttpStatusCode.Unauthorized);
        Assert.False(string.IsNullOrEmpty(body.GetProperty("error").GetProperty("code").GetString()));
        Assert.False(string.IsNullOrEmpty(body.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), body.GetProperty("request_id").GetString());
        Assert.Empty(_provider.Server.Tasks);
        Assert.Equal(1, _provider.Server.Counters.Unauthorized);
    }

    [Fact]
    public async Task Poll_without_a_key_returns_401()
    {
        string id = await _provider.CreateIdAsync("a red fox");
        using var client = new HttpClient();
        client.BaseAddress = _provider.Server.Endpoint;
        using var response = await client.GetAsync("model/v1/generation/task/" + id);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("model/v1/generation/")]
    [InlineData("model/v1/generation/task")]
    [InlineData("model/v1/generation/task/")]
    [InlineData("model/v1/generation/task/unknown")]
    [InlineData("model/v1/generation/task/a/b")]
    public async Task Unknown_path_returns_404(string path)
    {
        using var response = await _provider.Client.GetAsync(path);

        await Provider.ReadAsync(response, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "model/v1/generation", "POST")]
    [InlineData("PUT", "model/v1/generation", "POST")]
    [InlineData("POST", "model/v1/generation/task/abc", "GET")]
    [InlineData("DELETE", "model/v1/generation/task/abc", "GET")]
    public async Task Wrong_method_returns_405_with_the_right_method(string method, string path, string right)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _provider.Client.SendAsync(request);

        await Provider.ReadAsync(response, HttpStatusCode.MethodNotAllowed);
        Assert.Equal([right], response.Content.Headers.Allow);
        Assert.Equal(0, _provider.Server.Counters.CreatesReceived + _provider.Server.Counters.Polls);
    }
}
