using System.Net;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Tests;

/// <summary>Requests of the provider's own programs, and the documented texts of refusals.</summary>
public sealed class OwnProgramsTests : IDisposable
{
    private readonly QueueProvider _provider = new(new EmulatorOptions { TimeScale = 0 });

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Extra_fields_of_the_command_line_tools_are_accepted()
    {
        using var response = await _provider.Generation.PostAsync(
            """
            {"id":"mine-1","model":"nano_banana_2","moderation":false,"dash_scope":true,"metadata":{"a":1},
             "input":[{"params":{"prompt":"fox"}}]}
            """);

        await Provider.ReadAsync(response, HttpStatusCode.OK);
        Assert.Equal("""{"prompt":"fox"}""", Assert.Single(_provider.Server.Tasks).Parameters);
    }

    [Theory]
    [InlineData("nano_banana_2", """{"input":[{"params":{"prompt":"fox"}}]}""", HttpStatusCode.OK)]
    [InlineData("nano_banana_2", """{"model":"nano_banana_2","input":[{"params":{"prompt":"fox"}}]}""", HttpStatusCode.OK)]
    [InlineData("other", """{"input":[{"params":{"prompt":"fox"}}]}""", HttpStatusCode.BadRequest)]
    [InlineData("nano_banana_2", """{"model":"other","input":[{"params":{"prompt":"fox"}}]}""", HttpStatusCode.BadRequest)]
    public async Task Header_can_contain_the_model_instead_of_the_body(string model, string body, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "model/v1/generation") { Content = Provider.Json(body) };
        request.Headers.Add("X-Model", model);
        using var response = await _provider.Client.SendAsync(request);

        await Provider.ReadAsync(response, status);
    }

    [Theory]
    [InlineData("512", null, 512)]
    [InlineData("1K", null, 1024)]
    [InlineData("2K", null, 2048)]
    [InlineData("4K", null, 4096)]
    [InlineData("4K", "2K", 2048)]
    public async Task Image_size_is_the_resolution_unless_there_is_one(string size, string? resolution, int width)
    {
        var parameters = new JsonObject { ["prompt"] = "fox", ["image_size"] = size };
        if (resolution is not null)
            parameters["resolution"] = resolution;
        string id = (await _provider.CreateAsync(parameters)).GetProperty("request_id").GetString()!;

        Assert.Equal(width, (await _provider.ResultAsync(id)).GetProperty("outputs")[0].GetProperty("width").GetInt32());
    }

    [Theory]
    [InlineData("\"Image\"", "image")]
    [InlineData("\"Text\"", "text")]
    [InlineData("[\"Image\"]", "image")]
    [InlineData("[\"Text\",\"Image\"]", "image,text")]
    public async Task Response_modalities_are_a_string_or_a_list(string modalities, string types)
    {
        var task = await _provider.Generation.CompleteAsync(
            new JsonObject { ["prompt"] = "fox", ["response_modalities"] = JsonNode.Parse(modalities) });

        Assert.Equal(types, string.Join(',', Provider.Content(task).Select(Provider.Type)));
    }

    [Theory]
    [InlineData("Key", true)]
    [InlineData("key", true)]
    [InlineData("bearer", true)]
    [InlineData("Basic", false)]
    [InlineData("", false)]
    public async Task Poll_accepts_both_authorization_schemes_and_a_content_type(string word, bool isKey)
    {
        string id = await _provider.Generation.CreateIdAsync("fox");
        using var client = new RawClient(_provider.Server.Endpoint);
        await client.SendAsync(
            $"GET /model/v1/generation/task/{id} HTTP/1.1\r\n{client.Host}"
            + $"Authorization: {$"{word} {_provider.Server.GetApiKey()}".TrimStart()}\r\n"
            + "Content-Type: application/json\r\nConnection: close\r\n\r\n");

        Assert.StartsWith(isKey ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 401 Unauthorized\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Unknown_id_returns_the_error_of_each_dialect()
    {
        using var generation = await _provider.Client.GetAsync("model/v1/generation/task/nope");
        using var queue = await _provider.Client.GetAsync(QueueProvider.PathOf("nope", "status"));

        var error = (await Provider.ReadAsync(generation, HttpStatusCode.NotFound)).GetProperty("error");
        Assert.Equal("Task not found", error.GetProperty("message").GetString());
        Assert.Equal("""{"detail":"Request not found"}""", await queue.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(401, "UNAUTHORIZED")]
    [InlineData(429, "RATE_LIMIT_EXCEEDED")]
    public async Task Refusal_of_the_gateway_has_its_documented_code(int status, string code)
    {
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Status(status));
        using var response = await _provider.PostAsync("""{"prompt":"fox"}""");

        var answer = await Provider.ReadAsync(response, (HttpStatusCode)status);
        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), answer.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task Status_lines_have_their_reason_phrases()
    {
        string held = await _provider.CreateIdAsync("fox [hold]");
        using var unfinished = await _provider.Client.GetAsync(QueueProvider.PathOf(held, "response"));
        using var failed =
            await _provider.Client.GetAsync(QueueProvider.PathOf(await _provider.CreateIdAsync("fox [shape:FailedHttp]"), "response"));

        Assert.Equal(("Accepted", "Unprocessable Entity"), (unfinished.ReasonPhrase, failed.ReasonPhrase));
    }
}
