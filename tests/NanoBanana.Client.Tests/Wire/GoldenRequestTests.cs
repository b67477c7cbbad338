using System.Text;
using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Wire;

/// <summary>The exact requests that are sent: all bytes of the bodies and all relevant headers.</summary>
public sealed class GoldenRequestTests : IDisposable
{
    private readonly TestBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_prompt_without_parameters_is_sent_as_only_model_and_prompt() =>
        Assert.Equal(
            """{"model":"nano_banana_2","input":[{"params":{"prompt":"a red fox"}}]}""",
            await BodyOf(new ImageRequest { Prompt = "a red fox" }));

    [Fact]
    public async Task Every_parameter_is_sent_under_its_name_on_the_wire() =>
        Assert.Equal(
            """{"model":"nano_banana_2","input":[{"params":{"prompt":"a red fox","image_urls":["""
                + "\"https://a.example/1.png\",\"https://a.example/2.png?x=1&y=2\"]"
                + ""","aspect_ratio":"16:9","resolution":"2K","response_modalities":["Text","Image"]}}]}""",
            await BodyOf(new ImageRequest
            {
                Prompt = "a red fox",
                ImageUrl = ["https://a.example/1.png", "https://a.example/2.png?x=1&y=2"],
                AspectRatio = "16:9",
                Resolution = "2K",
                ResponseModality = ["Text", "Image"],
            }));

    [Fact]
    public async Task Client_only_properties_are_not_sent() =>
        Assert.Equal(
            """{"model":"other_model","input":[{"params":{"prompt":"a red fox"}}]}""",
            await BodyOf(new ImageRequest { Prompt = "a red fox", Model = "other_model", Name = "fox", InputIndex = 7 }));

    [Fact]
    public async Task Quotes_backslashes_and_line_ends_are_escaped_and_other_text_is_plain_UTF8() =>
        Assert.Equal(
            """{"model":"nano_banana_2","input":[{"params":{"prompt":"say \"hé\" <b>&'+\\ 狐\r\n\tend"}}]}""",
            await BodyOf(new ImageRequest { Prompt = "say \"hé\" <b>&'+\\ 狐\r\n\tend" }));

    [Theory]
    [InlineData("a 🦊 in the snow")]
    [InlineData("👩‍👩‍👧‍👦 family, ❤️, e\u0301")]
    [InlineData("\0\u0001\u001B[31m")]
    [InlineData("\u2028\u2029\uFEFF\uFFFF")]
    [InlineData("  kept as it is  ")]
    public async Task Every_prompt_arrives_unchanged(string prompt)
    {
        using var body = JsonDocument.Parse(await BodyOf(new ImageRequest { Prompt = prompt }));

        Assert.Equal(prompt, body.RootElement.GetProperty("input")[0].GetProperty("params").GetProperty("prompt").GetString());
    }

    [Fact]
    public async Task A_local_image_is_sent_as_its_data_URI() =>
        Assert.Equal(
            """{"model":"nano_banana_2","input":[{"params":{"prompt":"like this","image_urls":["""
                + "\"data:image/png;base64,iVBORw0KGgo+/w==\"]}}]}",
            await BodyOf(RequestRules.Check(
                new ImageRequest { Prompt = "like this", ImageUrl = ["data:image/png;base64,iVBORw0KGgo+/w=="] })));

    [Theory]
    [InlineData(ApiProtocol.Generation)]
    [InlineData(ApiProtocol.Queue)]
    public async Task Large_images_are_sent_in_the_same_body(ApiProtocol protocol)
    {
        string[] urls =
        [
            "data:image/png;base64," + new string('A', 200_000), "https://a.example/1.png",
            "data:image/jpeg;base64,/9j/" + new string('+', 70_000),
            "https://a.example/" + new string('é', 5000), "https://a.example/" + new string('"', 5000), new string('/', 4096),
        ];
        using var bench = new TestBench(options => options with { Protocol = protocol });
        bench.Api.Script(Answer.Accepted());

        await bench.Client.SubmitAsync(new ImageRequest { Prompt = "x", ImageUrl = urls, Resolution = "2K" }, bench.Observer, default);

        RecordedRequest request = Assert.Single(bench.Api.Requests);
        Assert.Equal($"{request.Body!.Length}", request.Header("Content-Length"));
        using var body = JsonDocument.Parse(request.Body);
        JsonElement root = body.RootElement;
        JsonElement sent = protocol == ApiProtocol.Queue ? root : root.GetProperty("input")[0].GetProperty("params");
        Assert.Equal(["prompt", "image_urls", "resolution"], sent.EnumerateObject().Select(property => property.Name));
        Assert.Equal(urls, sent.GetProperty("image_urls").EnumerateArray().Select(url => url.GetString()));
    }

    [Theory]
    [InlineData(ApiProtocol.Generation)]
    [InlineData(ApiProtocol.Queue)]
    public void Requests_with_one_image_share_its_text(ApiProtocol protocol)
    {
        IWireDialect dialect = protocol == ApiProtocol.Queue ? new QueueDialect() : new GenerationDialect();
        string image = "data:image/png;base64," + new string('A', 200_000);

        ImageRequest hat = new() { Prompt = "a hat", ImageUrl = [image] };
        WireCall[] calls = [dialect.Submit(hat), dialect.Submit(hat with { Prompt = "a coat" })];

        Assert.All(calls, call => Assert.Same(image, Assert.Single(call.LongTexts).Text));
        Assert.All(calls, call => Assert.InRange(call.Body!.Length, 1, 200));
    }

    [Fact]
    public async Task A_large_image_is_shown_only_by_its_length_in_the_trace()
    {
        _bench.Api.Script(Answer.Accepted());

        ImageRequest request = new() { Prompt = "x", ImageUrl = ["data:image/png;base64," + new string('A', 200_000)] };
        await _bench.Client.SubmitAsync(request, _bench.Observer, default);

        Assert.Equal(
            """{"model":"nano_banana_2","input":[{"params":{"prompt":"x","image_urls":["data:image/png;base64,(200000 characters)"]}}]}""",
            Assert.Single(_bench.Observer.Traces).Sent.ToString());
    }

    [Fact]
    public async Task A_submission_is_a_POST_with_the_key_and_a_JSON_body()
    {
        _bench.Api.Script(Answer.Accepted());

        await _bench.SubmitAsync();

        RecordedRequest request = Assert.Single(_bench.Api.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("https://api.example/model/v1/generation", request.Address);
        Assert.Equal($"Bearer {TestBench.Key}", request.Header("Authorization"));
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal("application/json", request.Header("Accept"));
        Assert.StartsWith("NanoBanana/", request.Header("User-Agent"), StringComparison.Ordinal);
        Assert.Equal(request.Body!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), request.Header("Content-Length"));
        Assert.NotEqual(Encoding.UTF8.Preamble.ToArray(), request.Body[..3]);
    }

    [Theory]
    [InlineData("d758n65e878c73cmdg20", "d758n65e878c73cmdg20")]
    [InlineData("a/b?c#d", "a%2Fb%3Fc%23d")]
    [InlineData("../../other", "..%2F..%2Fother")]
    [InlineData("%2e%2e", "%252e%252e")]
    public async Task A_poll_is_a_GET_of_the_escaped_id(string id, string escaped)
    {
        _bench.Api.Script(Answer.Running());

        await _bench.GetAsync(_bench.Client.TaskById(id, _bench.Observer));

        RecordedRequest request = Assert.Single(_bench.Api.Requests);
        Assert.Equal("GET", request.Method);
        Assert.Equal($"https://api.example/model/v1/generation/task/{escaped}", request.Address);
        Assert.Equal($"Bearer {TestBench.Key}", request.Header("Authorization"));
        Assert.Null(request.Body);
    }

    [Theory]
    [InlineData("https://gateway.example/nano")]
    [InlineData("https://gateway.example/nano/")]
    public async Task The_path_of_an_endpoint_is_kept(string endpoint)
    {
        using var bench = new TestBench(o => o with { Endpoint = new Uri(endpoint) });
        bench.Api.Script(Answer.Accepted(), Answer.Running());

        await bench.GetAsync(await bench.SubmitAsync());

        Assert.Equal(
            ["https://gateway.example/nano/model/v1/generation", "https://gateway.example/nano/model/v1/generation/task/task1"],
            bench.Api.Requests.Select(r => r.Address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("..")]
    [InlineData("two words")]
    [InlineData("line\nend")]
    [InlineData("ïd")]
    public void An_invalid_id_is_refused(string id)
    {
        var error = Assert.Throws<NanoBananaException>(() => _bench.Client.TaskById(id, _bench.Observer));

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("is not a task id", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> BodyOf(ImageRequest request)
    {
        _bench.Api.Script(Answer.Accepted());
        await _bench.Client.SubmitAsync(request, _bench.Observer, default);
        return Assert.Single(_bench.Api.Bodies);
    }
}
