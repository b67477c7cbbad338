using System.Text.Json;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Submitting;

/// <summary>How inline images are sent to the service, and what happens if the service refuses them.</summary>
public sealed class ImageTransferTests : IDisposable
{
    private const string Data = "iVBORw0KGgoAAAANSUhEUg==";
    private const string Uri = "data:image/png;base64," + Data;
    private const string Uploaded = "https://files.example/1.png";

    private TestBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<int, string> Refusals => new()
    {
        { 400, """{"error":{"code":"invalid_parameter","message":"image_urls[0] must be a URL"}}""" },
        { 422, """{"detail":[{"loc":["body","input",0,"params","image_urls",0],"msg":"Input should be a valid URL"}]}""" },
        { 400, """{"message":"Unable to process input image"}""" },
        { 422, """{"error":"invalid base64"}""" },
        { 400, """{"error":{"code":190000,"message":"failed to download the input image"}}""" },
        // The word of an older vocabulary, escaped because the sources do not use it.
        { 400, """{"error":"unsupported \u0070icture"}""" },
        { 413, "" },
        { 200, """{"error":{"code":5001097,"error_message":"image_urls: unsupported scheme data:"}}""" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task After_an_image_is_refused_it_is_sent_in_the_next_form(int status, string body)
    {
        _bench.Api.Script(
            Answer.Json(body, status), Answer.Json(body, status), Answer.Json($$"""{"url":"{{Uploaded}}"}"""), Answer.Accepted());

        ImageTask task = await SubmitAsync(Uri, "https://example.com/a.png");

        Assert.Equal("task1", task.Id);
        Assert.Equal(
            [$"{Uri} https://example.com/a.png", $"{Data} https://example.com/a.png", "upload", $"{Uploaded} https://example.com/a.png"],
            Sent());
    }

    [Fact]
    public async Task The_accepted_form_is_used_for_later_requests()
    {
        _bench.Api.Script(
            Answer.Json("""{"error":"image_urls: not a url"}""", 400),
            Answer.Accepted(),
            Answer.Accepted("task2"),
            Answer.Accepted("task3"));

        await SubmitAsync(Uri);
        await SubmitAsync("https://example.com/a.png");
        await SubmitAsync(Uri);

        Assert.Equal([Uri, Data, "https://example.com/a.png", Data], Sent());
    }

    [Fact]
    public async Task The_image_of_many_requests_is_uploaded_once_an_hour()
    {
        _bench = new TestBench(options => options with { ImageTransfer = ImageTransfer.Upload });
        _bench.Api.Otherwise = r => r.Address.EndsWith("files", StringComparison.Ordinal)
            ? Answer.Json($$$"""{"data":{"url":"{{{Uploaded}}}"}}""")
            : Answer.Accepted();

        await SubmitAsync(Uri);
        await SubmitAsync(Uri);
        _bench.Clock.Advance(TimeSpan.FromMinutes(61));
        await SubmitAsync(Uri);

        Assert.Equal(["upload", Uploaded, Uploaded, "upload", Uploaded], Sent());
    }

    [Theory]
    [InlineData(ImageTransfer.DataUri, Uri)]
    [InlineData(ImageTransfer.Base64, Data)]
    public async Task A_form_selected_by_the_user_is_the_only_one(ImageTransfer way, string expected)
    {
        _bench = new TestBench(options => options with { ImageTransfer = way });
        _bench.Api.Otherwise = _ => Answer.Json("""{"error":"image_urls: not a url"}""", 400);

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(Uri));

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Equal([expected], Sent());
    }

    public static TheoryData<int, string, NanoBananaErrorKind> OtherAnswers => new()
    {
        // Possibly accepted.
        { 500, """{"error":"image_urls could not be read"}""", NanoBananaErrorKind.SubmissionUnknown },
        { 408, """{"error":"image too large"}""", NanoBananaErrorKind.SubmissionUnknown },
        { 200, """{"status":"in_progress","message":"image_urls accepted"}""", NanoBananaErrorKind.SubmissionUnknown },
        // Not because of the form of the image.
        { 400, """{"error":"the prompt is too long"}""", NanoBananaErrorKind.InvalidRequest },
        { 400, """{"error":{"code":110001,"message":"input image may contain sensitive content"}}""", NanoBananaErrorKind.InvalidRequest },
        { 422, """{"error":"image blocked by the safety system"}""", NanoBananaErrorKind.InvalidRequest },
        { 401, """{"error":"no access to images"}""", NanoBananaErrorKind.ApiKeyRejected },
        { 402, """{"error":"no balance for an image"}""", NanoBananaErrorKind.NotPermitted },
        { 404, """{"error":"image model not found"}""", NanoBananaErrorKind.InvalidRequest },
    };

    [Theory]
    [MemberData(nameof(OtherAnswers))]
    public async Task A_request_possibly_accepted_or_refused_for_another_reason_is_sent_once(
        int status, string body, NanoBananaErrorKind expected)
    {
        _bench.Api.Otherwise = _ => Answer.Json(body, status);

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(Uri));

        Assert.Equal(expected, error.Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task An_answer_with_a_task_is_not_a_refusal_for_any_status()
    {
        _bench.Api.Otherwise = _ => Answer.Json(
            """{"id":"task1","status":"failed","error":{"message":"image_urls could not be read"}}""", 400);

        await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(Uri));

        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task An_unknown_outcome_of_the_second_form_ends_the_attempts()
    {
        _bench.Api.Script(Answer.Json("""{"error":"image_urls: not a url"}""", 400), Answer.Reset);

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(Uri));

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Equal([Uri, Data], Sent());
    }

    [Fact]
    public async Task If_every_form_is_refused_there_is_one_error_with_the_first_reason()
    {
        _bench.Api.Script(
            Answer.Json("""{"error":"the image is corrupt (1)"}""", 400), Answer.Json("""{"error":"the image is corrupt (2)"}""", 400),
            Answer.Json($$"""{"url":"{{Uploaded}}"}"""), Answer.Json("""{"error":"the image is corrupt (3)"}""", 400));

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(Uri));

        Assert.Contains("corrupt (1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("as base64, and uploaded", error.Message, StringComparison.Ordinal);
        Assert.Equal((NanoBananaErrorKind.InvalidRequest, 400), (error.Kind, error.StatusCode));
    }

    [Fact]
    public async Task Without_storage_the_error_contains_the_refusal_and_the_failed_upload()
    {
        _bench.Api.Script(
            Answer.Json("""{"error":"bad image"}""", 400),
            Answer.Json("""{"error":"bad image"}""", 400),
            Answer.Json("""{"error":"no such path"}""", 404));

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(Uri));

        Assert.Contains("bad image", error.Message, StringComparison.Ordinal);
        Assert.Contains("upload failed too", error.Message, StringComparison.Ordinal);
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
    }

    [Theory]
    [InlineData("""{"url":"file:///etc/passwd"}""")]
    [InlineData("""{"ok":true}""")]
    [InlineData("<html>")]
    public async Task An_upload_without_a_usable_address_submits_no_request(string answer)
    {
        _bench = new TestBench(options => options with { ImageTransfer = ImageTransfer.Upload });
        _bench.Api.Otherwise = _ => Answer.Json(answer);

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(Uri));

        Assert.Equal(NanoBananaErrorKind.InvalidResponse, error.Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task An_upload_sends_the_key_to_the_endpoint_and_only_the_format_of_the_file()
    {
        _bench = new TestBench(options => options with { ImageTransfer = ImageTransfer.Upload });
        _bench.Api.Script(Answer.Status(503), Answer.Json($$"""{"url":"{{Uploaded}}"}"""), Answer.Accepted());

        await SubmitAsync(Uri);

        Assert.Equal(3, _bench.Api.Requests.Count);
        Assert.All(_bench.Api.Requests, request => Assert.StartsWith("https://api.example/", request.Address, StringComparison.Ordinal));
        Fakes.RecordedRequest upload = _bench.Api.Requests[1];
        Assert.Equal(
            ("POST", "https://api.example/api/v1/storage/files", $"Bearer {TestBench.Key}"),
            (upload.Method, upload.Address, upload.Header("Authorization")));
        Assert.StartsWith("multipart/form-data; boundary=", upload.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains(
            "Content-Disposition: form-data; name=\"file\"; filename=\"image.png\"\r\nContent-Type: image/png\r\n\r\n",
            upload.Text,
            StringComparison.Ordinal);
        Assert.True(upload.Body.AsSpan().IndexOf(Convert.FromBase64String(Data)) > 0);
    }

    private Task<ImageTask> SubmitAsync(params string[] urls) =>
        _bench.Client.SubmitAsync(new ImageRequest { Prompt = "an image of a fox", ImageUrl = urls }, _bench.Observer, default);

    /// <summary>The content of each request: the images, or an upload.</summary>
    private IReadOnlyList<string> Sent() =>
    [
        .. _bench.Api.Requests.Select(
            request => request.Address.EndsWith("/storage/files", StringComparison.Ordinal) ? "upload" : ImagesIn(request.Text!)),
    ];

    private static string ImagesIn(string body)
    {
        using var json = JsonDocument.Parse(body);
        return string.Join(
            ' ',
            json.RootElement.GetProperty("input")[0].GetProperty("params").GetProperty("image_urls").EnumerateArray()
                .Select(url => url.GetString()));
    }
}
