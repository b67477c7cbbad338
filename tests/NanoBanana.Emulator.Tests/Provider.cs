using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Tests;

/// <summary>An emulator and an HTTP client that sends requests as documented, without the module.</summary>
internal sealed class Provider : IDisposable
{
    /// <summary>The limit of each wait of a test.</summary>
    public static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(60);

    public Provider(EmulatorOptions? options = null)
    {
        Server = EmulatorServer.Start(options ?? new EmulatorOptions { TimeScale = 0 });
        Client = NewClient();
    }

    public EmulatorServer Server { get; }

    public HttpClient Client { get; }

    public HttpClient NewClient(string? key = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        var client = new HttpClient(handler) { BaseAddress = Server.Endpoint, Timeout = TestTimeout };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Server.GetApiKey());
        return client;
    }

    public static JsonObject Parameters(string prompt) => new() { ["prompt"] = prompt };

    public static JsonObject Body(JsonNode? parameters) => new()
    {
        ["model"] = "nano_banana_2",
        ["input"] = new JsonArray(new JsonObject { ["params"] = parameters }),
    };

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public Task<HttpResponseMessage> PostAsync(string json) => Client.PostAsync("model/v1/generation", Json(json));

    public Task<HttpResponseMessage> PostAsync(JsonObject parameters) => PostAsync(Body(parameters).ToJsonString());

    public async Task<JsonElement> CreateAsync(JsonObject parameters)
    {
        using var response = await PostAsync(parameters);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    public async Task<string> CreateIdAsync(string prompt) => await CreateIdAsync(Parameters(prompt));

    public async Task<string> CreateIdAsync(JsonObject parameters) =>
        (await CreateAsync(parameters)).GetProperty("id").GetString()!;

    public async Task<JsonElement> PollAsync(string id)
    {
        using var response = await Client.GetAsync("model/v1/generation/task/" + id);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    public async Task<string> StatusAsync(string id) => (await PollAsync(id)).GetProperty("status").GetString()!;

    /// <summary>Creates and polls a task that completes immediately.</summary>
    public async Task<JsonElement> CompleteAsync(JsonObject parameters)
    {
        var task = await PollAsync(await CreateIdAsync(parameters));
        Assert.Equal("completed", task.GetProperty("status").GetString());
        return task;
    }

    /// <summary>Creates and polls a task and returns the address of its image.</summary>
    public async Task<Uri> ImageUrlAsync(JsonObject parameters)
    {
        var image = Content(await CompleteAsync(parameters)).Single(item => Type(item) == "image");
        return new Uri(image.GetProperty("url").GetString()!);
    }

    public async Task<byte[]> ImageAsync(JsonObject parameters)
    {
        var url = await ImageUrlAsync(parameters);
        using var client = new HttpClient();
        return await client.GetByteArrayAsync(url);
    }

    public static IReadOnlyList<JsonElement> Content(JsonElement task) =>
        [.. task.GetProperty("output")[0].GetProperty("content").EnumerateArray()];

    public static string Type(JsonElement item) => item.GetProperty("type").GetString()!;

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
