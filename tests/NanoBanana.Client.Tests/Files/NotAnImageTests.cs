using System.Text;

namespace NanoBanana.Client.Tests.Files;

/// <summary>A file that is not an image gets no final name.</summary>
public sealed class NotAnImageTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>Please log in</body></html>", "an HTML or XML page")]
    [InlineData("\uFEFF\r\n <?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "an HTML or XML page")]
    [InlineData("{\"error\":\"expired\"}", "it is JSON")]
    [InlineData("", "it is empty")]
    [InlineData("P", "do not match an image format")]
    [InlineData("BM and more of a bitmap", "do not match an image format")]
    [InlineData("%PDF-1.7 and more", "do not match an image format")]
    [InlineData("RIFF....WAVEfmt ", "do not match an image format")]
    [InlineData("....ftypmp42....", "do not match an image format")]
    [InlineData("GIF90a", "do not match an image format")]
    public async Task A_file_that_is_not_an_image_is_refused_and_not_left(string body, string described)
    {
        _bench.Downloads.Otherwise = _ => Answer.Bytes(Encoding.UTF8.GetBytes(body));

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target()));

        Assert.Equal((NanoBananaErrorKind.NotAnImage, "task1"), (error.Kind, error.TaskId));
        Assert.Contains(described, error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    /// <summary>A proxy can return an error page temporarily. Its bytes are not mixed with the image.</summary>
    [Theory]
    [InlineData("<html>maintenance</html>")]
    [InlineData("")]
    public async Task A_file_that_is_not_an_image_is_downloaded_again(string body)
    {
        _bench.Downloads.Script(
            Answer.Bytes(Encoding.UTF8.GetBytes(body)).With("ETag", "\"page\""),
            Answer.Bytes(Encoding.UTF8.GetBytes(body)),
            Answer.Bytes(TestImages.Png()));

        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target());

        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
        Assert.All(_bench.Downloads.Requests, r => Assert.Null(r.Header("Range")));
    }

    [Fact]
    public async Task A_partial_signature_is_not_an_image()
    {
        _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Png()[..7]);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target()));

        Assert.Equal(NanoBananaErrorKind.NotAnImage, error.Kind);
    }

    [Fact]
    public async Task With_force_a_file_that_is_not_an_image_does_not_replace_an_image()
    {
        File.WriteAllText(_folder.At("task1.png"), "mine");
        _bench.Downloads.Otherwise = _ => Answer.Status(200, "<html>");

        await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target(force: true)));

        Assert.Equal("mine", File.ReadAllText(_folder.At("task1.png")));
        Assert.Equal(["task1.png"], _folder.Files);
    }

    [Theory]
    [InlineData("I cannot draw that.", "The text of the model: I cannot draw that.")]
    [InlineData(null, "completed without an image.")]
    public async Task The_error_of_a_task_without_an_image_contains_the_text_of_the_model(string? text, string expected)
    {
        ImageTask task = TestBench.CreateCompletedTask() with { Text = text };

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.SaveAsync(task, _folder.Target()));

        Assert.Equal((NanoBananaErrorKind.NoImage, task), (error.Kind, error.Task));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Downloads.Requests);
    }
}
