using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace NanoBanana.Emulator.Tests;

public sealed class LifecycleTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1775831525));
    private readonly Provider _provider;

    public LifecycleTests() => _provider = new Provider(new EmulatorOptions { TimeProvider = _clock });

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Task_runs_with_growing_progress_and_then_completes()
    {
        string id = await _provider.CreateIdAsync("a red fox [seconds:10]");

        var start = await _provider.PollAsync(id);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var middle = await _provider.PollAsync(id);
        _clock.Advance(TimeSpan.FromSeconds(4.999));
        var late = await _provider.PollAsync(id);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        var end = await _provider.PollAsync(id);

        Assert.Equal([0, 0.5, 0.99], new[] { start, middle, late }.Select(t => t.GetProperty("progress").GetDouble()));
        Assert.Equal(["id", "created_at", "status", "model", "progress", "metadata"], Names(middle));
        Assert.Equal(["id", "created_at", "status", "model", "output", "usage", "metadata"], Names(end));
        Assert.Equal("in_progress", late.GetProperty("status").GetString());
        Assert.Equal("completed", end.GetProperty("status").GetString());
        Assert.Equal(1775831525, end.GetProperty("created_at").GetInt64());
        Assert.Equal(JsonValueKind.Object, end.GetProperty("metadata").ValueKind);
    }

    [Fact]
    public async Task Completed_task_has_an_image_a_text_and_token_counts()
    {
        var images = new JsonArray("https://a.example/1.png", "https://a.example/2.png");
        var parameters = new JsonObject { ["prompt"] = "[seconds:0]abcdef", ["resolution"] = "4K", ["image_urls"] = images };
        string id = await _provider.CreateIdAsync(parameters);

        var task = await _provider.PollAsync(id);

        Assert.Equal(["image", "text"], Provider.Content(task).Select(Provider.Type));
        Assert.StartsWith(
            _provider.Server.DownloadEndpoint.AbsoluteUri, Provider.Content(task)[0].GetProperty("url").GetString());
        Assert.NotEmpty(Provider.Content(task)[1].GetProperty("text").GetString()!);
        var usage = task.GetProperty("usage");
        Assert.Equal(2520, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(5 + (2 * 1120), usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(4765, usage.GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData("Text", "text")]
    [InlineData("Image", "image")]
    public async Task Only_the_requested_modality_is_returned(string modality, string type)
    {
        string id = await _provider.CreateIdAsync(new JsonObject
        {
            ["prompt"] = "[seconds:0]",
            ["response_modalities"] = new JsonArray(modality),
        });

        Assert.Equal([type], Provider.Content(await _provider.PollAsync(id)).Select(Provider.Type));
    }

    [Theory]
    [InlineData(5001095, "Internal generation error")]
    [InlineData(5001096, "Result parsing error")]
    [InlineData(5001097, "HTTP error response")]
    [InlineData(5001098, "Synchronous generation error")]
    public async Task Task_fails_with_the_code_of_its_prompt(int code, string message)
    {
        string id = await _provider.CreateIdAsync($"[seconds:1] a fox [fail:{code}]");
        Assert.Equal("in_progress", await _provider.StatusAsync(id));
        _clock.Advance(TimeSpan.FromSeconds(1));

        var task = await _provider.PollAsync(id);

        Assert.Equal("failed", task.GetProperty("status").GetString());
        Assert.Equal(["id", "created_at", "status", "model", "error", "metadata"], Names(task));
        Assert.Equal(code, task.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(message, task.GetProperty("error").GetProperty("error_message").GetString());
    }

    [Fact]
    public async Task Held_task_runs_until_its_release()
    {
        string first = await _provider.CreateIdAsync("first [hold]");
        string second = await _provider.CreateIdAsync("second [hold]");
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("in_progress", await _provider.StatusAsync(first));

        _provider.Server.Release(first);
        Assert.Equal("completed", await _provider.StatusAsync(first));
        Assert.Equal("in_progress", await _provider.StatusAsync(second));

        _provider.Server.Release();
        Assert.Equal("completed", await _provider.StatusAsync(second));
    }

    [Fact]
    public void Release_of_an_unknown_task_is_an_error() =>
        Assert.Throws<ArgumentException>(() => _provider.Server.Release("nope"));

    [Fact]
    public async Task Task_without_an_image_completes_with_only_text()
    {
        var task = await _provider.PollAsync(await _provider.CreateIdAsync("[seconds:0][noimage]"));

        Assert.Equal("completed", task.GetProperty("status").GetString());
        Assert.Equal(["text"], Provider.Content(task).Select(Provider.Type));
    }

    [Fact]
    public async Task Refused_submission_is_200_with_an_error_and_no_id()
    {
        var answer = await _provider.CreateAsync(Provider.Parameters("a fox [refuse]"));

        Assert.False(answer.TryGetProperty("id", out _));
        Assert.Equal(JsonValueKind.Object, answer.GetProperty("error").ValueKind);
        Assert.Empty(_provider.Server.Tasks);
        Assert.Equal(1, _provider.Server.Counters.CreatesRefused);
    }

    [Fact]
    public async Task Status_words_of_the_prompt_precede_the_true_status_one_for_each_poll()
    {
        string id = await _provider.CreateIdAsync("[status:queued] a fox [status:dreaming][seconds:0]");

        Assert.Equal("queued", await _provider.StatusAsync(id));
        Assert.Equal("dreaming", await _provider.StatusAsync(id));
        Assert.Equal("completed", await _provider.StatusAsync(id));
    }

    [Fact]
    public async Task Brackets_without_a_directive_are_part_of_the_prompt()
    {
        const string Prompt = "[a] [fail:] [fail:٣] [seconds:soon] [HOLD] fox";
        string id = await _provider.CreateIdAsync(Prompt);
        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("completed", await _provider.StatusAsync(id));
        Assert.Equal(Prompt, _provider.Server.Tasks.Single().Prompt);
    }

    private static IEnumerable<string> Names(JsonElement task) => task.EnumerateObject().Select(field => field.Name);
}
