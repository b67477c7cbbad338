using System.Net;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Tests;

public sealed class ParameterTests : IDisposable
{
    private readonly Provider _provider = new();

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"prompt":1}""", "prompt" },
        { """{"prompt":null}""", "prompt" },
        { """{"prompt":["a"]}""", "prompt" },
        { """{"prompt":"\ud800"}""", "prompt" },
        { """{"prompt":""}""", "prompt" },
        { """{}""", "prompt" },
        { """{"prompt":"a","aspect_ratio":"16:10"}""", "aspect_ratio" },
        { """{"prompt":"a","aspect_ratio":null}""", "aspect_ratio" },
        { """{"prompt":"a","resolution":"1k"}""", "resolution" },
        { """{"prompt":"a","resolution":2}""", "resolution" },
        { """{"prompt":"a","image_urls":"https://example.com/a.png"}""", "image_urls" },
        { """{"prompt":"a","image_urls":[1]}""", "image_urls[0]" },
        { """{"prompt":"a","image_urls":["https://a/1","ftp://a/2"]}""", "image_urls[1]" },
        { """{"prompt":"a","image_urls":["/a.png"]}""", "image_urls[0]" },
        { """{"prompt":"a","image_urls":["data:text/plain;base64,AAAA"]}""", "image_urls[0]" },
        { """{"prompt":"a","image_urls":["data:image/png,AAAA"]}""", "image_urls[0]" },
        { """{"prompt":"a","image_urls":["data:image/png;base64,"]}""", "image_urls[0]" },
        { """{"prompt":"a","image_urls":["data:image/png;base64,AA*A"]}""", "image_urls[0]" },
        { """{"prompt":"a","image_urls":["https://a/1","https://a/2","https://a/3","https://a/4"]}""", "image_urls" },
        { """{"prompt":"a","response_modalities":"Video"}""", "response_modalities" },
        { """{"prompt":"a","image_size":"0.5K"}""", "image_size" },
        { """{"prompt":"a","image_size":512}""", "image_size" },
        { """{"prompt":"a","response_modalities":["Video"]}""", "response_modalities[0]" },
        { """{"prompt":"a","response_modalities":["Text",3]}""", "response_modalities[1]" },
        { """{"prompt":"a","response_modalities":[]}""", "response_modalities" },
        { """{"prompt":"a","aspectRatio":"1:1"}""", "aspectRatio" },
    };

    public static TheoryData<string, string> WrongShape => new()
    {
        { "", "JSON" },
        { "{", "JSON" },
        { """{"model":"nano_banana_2","input":[{"params":{"prompt":"a"}}]""", "JSON" },
        { "[]", "body" },
        { """{"input":[{"params":{"prompt":"a"}}]}""", "model" },
        { """{"model":"nano_banana_1","input":[{"params":{"prompt":"a"}}]}""", "model" },
        { """{"model":2,"input":[{"params":{"prompt":"a"}}]}""", "model" },
        { """{"model":"nano_banana_2"}""", "input" },
        { """{"model":"nano_banana_2","input":{"params":{"prompt":"a"}}}""", "input" },
        { """{"model":"nano_banana_2","input":[]}""", "input" },
        { """{"model":"nano_banana_2","input":[{"params":{"prompt":"a"}},{"params":{"prompt":"b"}}]}""", "input" },
        { """{"model":"nano_banana_2","input":["a"]}""", "input[0]" },
        { """{"model":"nano_banana_2","input":[{}]}""", "input[0].params" },
        { """{"model":"nano_banana_2","input":[{"prompt":"a"}]}""", "input[0].prompt" },
        { """{"model":"nano_banana_2","input":[{"params":"a"}]}""", "input[0].params" },
        { """{"model":"nano_banana_2","prompt":"a"}""", "prompt" },
        { """{"model":"nano_banana_2","moderation":1,"input":[{"params":{"prompt":"a"}}]}""", "moderation" },
        { """{"model":"nano_banana_2","metadata":"x","input":[{"params":{"prompt":"a"}}]}""", "metadata" },
        { """{"model":"nano_banana_2","webhook":"https://a.example/","input":[{"params":{"prompt":"a"}}]}""", "webhook" },
    };

    public void Dispose() => _provider.Dispose();

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Wrong_parameter_is_refused_with_its_name(string parameters, string field) =>
        RefusedAsync($$"""{"model":"nano_banana_2","input":[{"params":{{parameters}}}]}""", field);

    [Theory]
    [MemberData(nameof(WrongShape))]
    public Task Wrong_body_is_refused_with_the_invalid_part(string body, string part) =>
        RefusedAsync(body, part);

    [Fact]
    public Task Prompt_of_2501_code_points_is_refused() =>
        RefusedAsync(Provider.Body(Provider.Parameters(new string('a', 2501))).ToJsonString(), "prompt");

    [Fact]
    public async Task Prompt_of_2500_code_points_outside_the_basic_plane_is_accepted()
    {
        string prompt = string.Concat(Enumerable.Repeat("🦊", 2500));

        await _provider.CreateIdAsync(prompt);

        Assert.Equal(prompt, _provider.Server.Tasks.Single().Prompt);
    }

    [Fact]
    public async Task Three_images_of_every_form_are_accepted()
    {
        await _provider.CreateIdAsync(new JsonObject
        {
            ["prompt"] = "a",
            ["image_urls"] = new JsonArray(
                "http://example.com/a.png", "https://example.com/?q=1", "data:image/png;base64,iVBORw0KGg=="),
            ["aspect_ratio"] = "21:9",
            ["resolution"] = "0.5K",
            ["response_modalities"] = new JsonArray("Image"),
        });

        var parameters = JsonNode.Parse(_provider.Server.Tasks.Single().Parameters)!;
        Assert.Equal("https://example.com/?q=1", (string?)parameters["image_urls"]![1]);
    }

    [Fact]
    public async Task Body_without_the_media_type_of_JSON_is_refused()
    {
        using var response = await _provider.Client.PostAsync(
            "model/v1/generation", new StringContent(Provider.Body(Provider.Parameters("a")).ToJsonString()));

        await Provider.ReadAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    private async Task RefusedAsync(string body, string field)
    {
        using var response = await _provider.PostAsync(body);

        var answer = await Provider.ReadAsync(response, HttpStatusCode.BadRequest);
        string? message = answer.GetProperty("error").GetProperty("message").GetString();
        Assert.Contains(field, message, StringComparison.Ordinal);
        Assert.Empty(_provider.Server.Tasks);
        var counters = _provider.Server.Counters;
        Assert.Equal((1, 0, 1), (counters.CreatesReceived, counters.CreatesAccepted, counters.CreatesRefused));
    }
}
