using System.Net;
using System.Text.Json;

namespace NanoBanana.Emulator.Tests;

/// <summary>Every shape of a result, in both dialects.</summary>
public sealed class ResultShapeTests
{
    private static readonly EmulatorResultShape[] Failures =
        [EmulatorResultShape.Error200, EmulatorResultShape.FailReason, EmulatorResultShape.FailedHttp];

    public static TheoryData<EmulatorResultShape, bool> Shapes()
    {
        var data = new TheoryData<EmulatorResultShape, bool>();
        foreach (EmulatorResultShape shape in Enum.GetValues<EmulatorResultShape>())
        {
            data.Add(shape, true);
            data.Add(shape, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Each_shape_contains_the_image_unless_it_is_a_failure(EmulatorResultShape shape, bool isQueue)
    {
        using var provider = new QueueProvider(new EmulatorOptions { TimeScale = 0, ResultShape = shape });
        (HttpStatusCode status, string text) = await ResultAsync(provider, "fox", isQueue);

        bool holdsImage = Strings(JsonDocument.Parse(text).RootElement).Any(value => IsImage(value, provider.Server));
        Assert.Equal(!Failures.Contains(shape), holdsImage);
        Assert.Equal(shape == EmulatorResultShape.FailedHttp ? 422 : 200, (int)status);
    }

    [Theory]
    [InlineData("Addresses", "\"output\":[\"http")]
    [InlineData("address", "\"output\":\"http")]
    [InlineData("Both", "\"outputs\":[],\"output\":[{\"content\":[{\"type\":\"image\",\"url\":\"http")]
    [InlineData("TypeMissing", "{\"url\":\"http")]
    [InlineData("TypeMedia", "\"type\":\"image/png\"")]
    [InlineData("Relative", "\"url\":\"/files/")]
    [InlineData("SchemeMissing", "\"url\":\"//127.0.0.1:")]
    [InlineData("Enveloped", "{\"code\":0,\"message\":\"ok\",\"data\":{")]
    [InlineData("StatusDone", "\"status\":\"done\"")]
    [InlineData("StatusNumber", "\"status\":2")]
    [InlineData("Error200", "\"error\":\"The content was blocked\",\"error_type\":\"CONTENT_BLOCKED\"")]
    [InlineData("FailReason", "\"fail_reason\":\"input image may contain sensitive information\",\"code\":110001")]
    public async Task Prompt_can_set_the_shape(string name, string part)
    {
        using var provider = new QueueProvider(new EmulatorOptions { TimeScale = 0 });

        (_, string text) = await ResultAsync(provider, $"fox [shape:{name}]", isQueue: false);

        Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nothing")]
    [InlineData("Base65")]
    public async Task Unknown_shape_returns_400_with_the_list_of_shapes(string name)
    {
        using var provider = new Provider();
        using var response = await provider.PostAsync(Provider.Parameters($"fox [shape:{name}]"));

        string text = (await Provider.ReadAsync(response, HttpStatusCode.BadRequest)).GetRawText();
        Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains("DataUri", text, StringComparison.Ordinal);
        Assert.Empty(provider.Server.Tasks);
    }

    [Fact]
    public async Task Queue_status_of_a_failed_shape_contains_the_reason()
    {
        using var provider = new QueueProvider(new EmulatorOptions { TimeScale = 0 });

        var status = await provider.StatusAsync(await provider.CreateIdAsync("fox [shape:FailReason]"));

        Assert.Equal(110001, status.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Relative_address_is_a_file_of_the_endpoint()
    {
        using var provider = new Provider();
        string path =
            Provider.Content(await provider.CompleteAsync(Provider.Parameters("fox [shape:Relative]")))[0].GetProperty("url").GetString()!;

        using var client = new HttpClient();
        Assert.Equal(
            provider.Server.ImageOf(provider.Server.Tasks[0].Id), await client.GetByteArrayAsync(new Uri(provider.Server.Endpoint, path)));
    }

    [Fact]
    public async Task WebP_image_has_its_size_in_its_header_and_an_address_of_a_PNG()
    {
        using var provider = new QueueProvider(new EmulatorOptions { TimeScale = 0, ResultShape = EmulatorResultShape.WebP });
        var parameters = new System.Text.Json.Nodes.JsonObject { ["prompt"] = "fox", ["aspect_ratio"] = "16:9", ["resolution"] = "4K" };
        var image = (await provider.ResultAsync((await provider.CreateAsync(parameters)).GetProperty("request_id").GetString()!))
            .GetProperty("outputs")[0];
        string url = image.GetProperty("url").GetString()!;

        using var client = new HttpClient();
        using var response = await client.GetAsync(url);
        byte[] file = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal("image/webp", image.GetProperty("content_type").GetString());
        Assert.Equal("image/webp", response.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".png", url, StringComparison.Ordinal);
        Assert.Equal("RIFF" + "WEBPVP8L", System.Text.Encoding.ASCII.GetString([.. file[..4], .. file[8..16]]));
        Assert.Equal((file.Length - 8, file.Length), (BitConverter.ToInt32(file, 4), image.GetProperty("file_size").GetInt32()));
        int bits = BitConverter.ToInt32(file, 21);
        Assert.Equal((5504, 3072), ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1));
    }

    private static async Task<(HttpStatusCode Status, string Text)> ResultAsync(QueueProvider provider, string prompt, bool isQueue)
    {
        string path = isQueue
            ? QueueProvider.PathOf(await provider.CreateIdAsync(prompt), "response")
            : "model/v1/generation/task/" + await provider.Generation.CreateIdAsync(prompt);
        using var response = await provider.Client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static bool IsImage(string value, EmulatorServer server) =>
        value.Contains("/files/", StringComparison.Ordinal)
        || (value.Length > 1000
            && Convert.FromBase64String(value[(value.IndexOf(',', StringComparison.Ordinal) + 1)..])
                .SequenceEqual(server.ImageOf(server.Tasks[0].Id)));

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(field => Strings(field.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };
}
