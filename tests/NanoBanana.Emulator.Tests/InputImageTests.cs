using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Tests;

public sealed class InputImageTests
{
    private const string Base64 = "iVBORw0KGgoAAAANSUhEUg==";

    [Theory]
    [InlineData("data:image/png;base64," + Base64, EmulatorImageForm.DataUri)]
    [InlineData(Base64, EmulatorImageForm.Base64)]
    [InlineData("/9j/4AAQSkZJRgABAQAAAQ==", EmulatorImageForm.Base64)]
    [InlineData("https://example.com/a.png", EmulatorImageForm.Address)]
    public async Task Image_is_accepted_unless_its_form_is_refused(string image, EmulatorImageForm form)
    {
        var body = new JsonObject { ["prompt"] = "a hat", ["image_urls"] = new JsonArray(image) };
        using var all = new Provider();
        using var picky = new Provider(new EmulatorOptions { TimeScale = 0, RefusedImageForms = [form] });

        using var taken = await all.PostAsync((JsonObject)body.DeepClone());
        using var refused = await picky.PostAsync(body);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (taken.StatusCode, refused.StatusCode));
        Assert.Contains("image_urls[0]", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(picky.Server.Tasks);
    }

    [Fact]
    public async Task Upload_returns_an_address_and_stores_the_file()
    {
        using var provider = new Provider();
        byte[] content = [1, 2, 3, .. "\r\n--x\r\n"u8, 0];
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new("image/png");
        using var form = new MultipartFormDataContent { { new StringContent("none"), "note" }, { file, "file", "a.png" } };

        using var response = await provider.Client.PostAsync("api/v1/storage/files", form);

        var answer = await Provider.ReadAsync(response, HttpStatusCode.OK);
        EmulatorUpload upload = Assert.Single(provider.Server.Uploads);
        Assert.Equal(upload.Address.AbsoluteUri, answer.GetProperty("url").GetString());
        Assert.Equal(("image/png", "a.png"), (upload.MediaType, upload.FileName));
        Assert.Equal(content, upload.Content);
        Assert.Equal(1, provider.Server.Counters.Uploads);
    }

    [Fact]
    public async Task Upload_without_key_or_file_is_refused()
    {
        using var provider = new Provider();
        using var stranger = provider.NewClient("wrong");
        using var form = new MultipartFormDataContent { { new StringContent("none"), "note" } };
        using var again = new MultipartFormDataContent { { new StringContent("none"), "note" } };

        using var unknown = await stranger.PostAsync("api/v1/storage/files", form);
        using var empty = await provider.Client.PostAsync("api/v1/storage/files", again);
        using var text = await provider.Client.PostAsync("api/v1/storage/files", new StringContent("x", Encoding.UTF8, "text/plain"));

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType],
            new[] { unknown, empty, text }.Select(response => response.StatusCode));
        Assert.Empty(provider.Server.Uploads);
    }
}
