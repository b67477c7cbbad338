using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Changes that editors, spreadsheets and stores make automatically do not make a different request.</summary>
public class SameRequestTests : JournalTest
{
    [Theory]
    [InlineData("a fox\nin snow", "a fox\r\nin snow")]
    [InlineData("a fox\nin snow", "a fox\rin snow")]
    [InlineData("a fox\nin snow", "a fox  \t\nin snow")]
    [InlineData("a fox", "a fox ")]
    [InlineData("a fox", "a fox\u00A0")]
    [InlineData("a fox", "a fox\r\n\r\n")]
    [InlineData("a caf\u00E9", "a cafe\u0301")]
    public async Task Prompts_that_differ_only_in_form_are_one_request(string first, string second)
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        await SubmitAsync(client, Request(first, batch: "b"));
        await SubmitAsync(client, Request(second, batch: "b"));
        Assert.Equal(1, api.Requests);
    }

    [Theory]
    [InlineData("a fox", "a  fox")]
    [InlineData("a fox", "A fox")]
    [InlineData("a fox\nin snow", "a fox in snow")]
    [InlineData("a fox\nin snow", "a fox\n\nin snow")]
    [InlineData("a fox", "a fo\u0445")]
    [InlineData("x\u00B2", "x2")]
    public async Task Prompts_with_different_words_are_two_requests(string first, string second)
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        await SubmitAsync(client, Request(first, batch: "b"));
        await SubmitAsync(client, Request(second, batch: "b"));
        Assert.Equal(2, api.Requests);
    }

    [Theory]
    [InlineData(
        "https://b.s3.amazonaws.com/a.png",
        "https://b.s3.amazonaws.com/a.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x%2F20261128&X-Amz-Date=20261128T000000Z"
        + "&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=0a")]
    [InlineData(
        "https://b.s3.amazonaws.com/a.png?versionId=7", "https://b.s3.amazonaws.com/a.png?versionId=7&x-amz-signature=0b&x-amz-date=2")]
    [InlineData("https://b.s3.amazonaws.com/a.png", "https://b.s3.amazonaws.com/a.png?AWSAccessKeyId=x&Signature=y%3D&Expires=1")]
    [InlineData(
        "https://storage.googleapis.com/b/a.png", "https://storage.googleapis.com/b/a.png?X-Goog-Algorithm=G&X-Goog-Signature=0a#top")]
    [InlineData("https://storage.googleapis.com/b/a.png", "https://storage.googleapis.com/b/a.png?GoogleAccessId=x&Expires=1&Signature=y")]
    [InlineData(
        "https://x.blob.core.windows.net/c/a.png", "https://x.blob.core.windows.net/c/a.png?sv=2024-11-04&st=1&se=2&sr=b&sp=r&sig=abc%3D")]
    [InlineData("https://d1.cloudfront.net/a.png", "https://d1.cloudfront.net/a.png?Policy=p&Signature=s&Key-Pair-Id=K")]
    [InlineData("https://d1.cloudfront.net/a.png?w=100", "https://d1.cloudfront.net/a.png?w=100&Expires=1&Signature=s&Key-Pair-Id=K")]
    public void A_link_is_the_same_image_with_and_without_its_signature(string plain, string withSignature) =>
        Assert.Equal(ImageKey.Of(plain), ImageKey.Of(withSignature));

    [Theory]
    [InlineData("https://x.example/a.png?v=1", "https://x.example/a.png?v=2")]
    [InlineData("https://x.example/a.png?sv=1", "https://x.example/a.png?sv=2")]
    [InlineData("https://x.example/a.png?Expires=1", "https://x.example/a.png?Expires=2")]
    [InlineData("https://x.example/a.png", "https://x.example/b.png?X-Amz-Signature=1")]
    public void A_link_to_another_image_is_another_image(string first, string second) =>
        Assert.NotEqual(ImageKey.Of(first), ImageKey.Of(second));

    [Fact]
    public void A_file_and_its_data_URI_are_the_same_image()
    {
        byte[] bytes = [1, 2, 3, 4];
        Assert.Equal(ImageKey.OfData(bytes), ImageKey.Of("data:image/png;base64," + Convert.ToBase64String(bytes)));
    }

    [Fact]
    public async Task A_version_1_key_reserves_its_request()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        ImageRequest request = Request("a fox ", batch: "b") with { ImageUrl = ["https://x.example/1.png?X-Amz-Signature=1"] };
        await SubmitAsync(client, request);
        string old = RequestKey.AllOf(request, Endpoint, withVersion1: true)[1];
        Handle().Close();
        Execute($"UPDATE task SET request_key = '{old}', held_key = '{old}'");

        ImageTask again = await SubmitAsync(ClientOf(api), request);

        Assert.Equal(1, api.Requests);
        Assert.NotEmpty(again.Id);
    }
}
