using System.Text.Json;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Queue;

/// <summary>The exact requests of the queue dialect.</summary>
public sealed class QueueRequestTests : QueueTest
{
    [Fact]
    public async Task A_submission_is_a_POST_of_the_parameters_to_the_path_of_the_model()
    {
        Bench.Api.Script(QueueAnswer.Accepted());

        await Bench.SubmitAsync();

        RecordedRequest request = Assert.Single(Bench.Api.Requests);
        Assert.Equal("POST https://api.example/model/v1/queue/nano_banana_2", Assert.Single(SentRequests));
        Assert.Equal($"Bearer {TestBench.Key}", request.Header("Authorization"));
        Assert.Equal("application/json", request.Header("Content-Type"));
        Assert.Equal("""{"prompt":"a red fox"}""", request.Text);
    }

    [Fact]
    public async Task Every_parameter_is_sent_under_its_name_without_client_only_properties() =>
        Assert.Equal(
            """{"prompt":"a red fox","image_urls":["https://a.example/1.png"]"""
                + ""","aspect_ratio":"16:9","resolution":"2K","response_modalities":["Text","Image"]}""",
            await BodyOf(new ImageRequest
            {
                Prompt = "a red fox",
                ImageUrl = ["https://a.example/1.png"],
                AspectRatio = "16:9",
                Resolution = "2K",
                ResponseModality = ["Text", "Image"],
                Name = "fox",
                InputIndex = 7,
            }));

    [Theory]
    [InlineData("say \"hé\" <b>&'+\\ 狐\r\n\tend")]
    [InlineData("👩‍👩‍👧‍👦 \0\u2028")]
    public async Task Every_prompt_arrives_unchanged(string prompt)
    {
        using var body = JsonDocument.Parse(await BodyOf(new ImageRequest { Prompt = prompt }));

        Assert.Equal(prompt, body.RootElement.GetProperty("prompt").GetString());
    }

    [Fact]
    public async Task Paths_are_built_from_the_id_and_never_from_addresses_in_an_answer()
    {
        Bench.Api.Script(QueueAnswer.Accepted(), QueueAnswer.Completed(), QueueAnswer.Result());
        ImageTask accepted = await Bench.SubmitAsync();
        await Bench.GetAsync(accepted);
        Bench.Api.Script(Answer.Status(202), QueueAnswer.Canceled());
        await CancelAsync(accepted);

        Assert.Equal(
            [
                "POST https://api.example/model/v1/queue/nano_banana_2",
                $"GET {QueueAnswer.StatusAddress}", $"GET {QueueAnswer.ResultAddress}",
                $"PUT {QueueAnswer.CancelAddress}", $"GET {QueueAnswer.StatusAddress}",
            ],
            SentRequests);
        Assert.All(Bench.Api.Requests, request => Assert.Equal($"Bearer {TestBench.Key}", request.Header("Authorization")));
        Assert.All(Bench.Api.Requests.Skip(1), request => Assert.Null(request.Body));
    }

    [Theory]
    [InlineData("a/b?c#d", "a%2Fb%3Fc%23d")]
    [InlineData("../../other", "..%2F..%2Fother")]
    public async Task An_id_is_escaped(string id, string escaped)
    {
        Bench.Api.Script(QueueAnswer.InProgress());

        await Bench.GetAsync(Bench.Client.TaskById(id, Bench.Observer));

        Assert.Equal($"GET https://api.example/model/v1/queue/nano_banana_2/requests/{escaped}/status", Assert.Single(SentRequests));
    }

    [Fact]
    public async Task A_task_is_requested_under_its_own_model()
    {
        Bench.Api.Script(QueueAnswer.InProgress());

        await Bench.GetAsync(CreateTask() with { Model = "other/model" });

        Assert.Equal($"GET https://api.example/model/v1/queue/other%2Fmodel/requests/{QueueAnswer.Id}/status", Assert.Single(SentRequests));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public void A_model_that_would_change_the_path_is_refused(string model) =>
        Assert.Equal(
            NanoBananaErrorKind.InvalidRequest,
            Assert.Throws<NanoBananaException>(() => RequestRules.Check(new ImageRequest { Prompt = "fox", Model = model })).Kind);

    private async Task<string> BodyOf(ImageRequest request)
    {
        Bench.Api.Script(QueueAnswer.Accepted());
        await Bench.Client.SubmitAsync(request, Bench.Observer, default);
        return Assert.Single(Bench.Api.Bodies);
    }
}
