using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

/// <summary>Saves an image under the exact name that the user gave.</summary>
public sealed class ExactFileTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("fox.png", "png", false)]
    [InlineData("fox.PNG", "png", false)]
    [InlineData("fox.jpeg", "jpeg", false)]
    [InlineData("fox.jpg", "jpeg", false)]
    [InlineData("fox.png", "jpeg", true)]
    [InlineData("fox.jpg", "png", true)]
    [InlineData("fox", "png", true)]
    [InlineData("fox.backup", "png", true)]
    public async Task An_exact_file_keeps_its_name_and_warns_once_about_a_wrong_extension(string name, string format, bool warns)
    {
        byte[] bytes = format == "png" ? TestImages.Png() : TestImages.Jpeg();
        _bench.Downloads.Script(Answer.Bytes(bytes));

        SavedImage saved = await _bench.SaveAsync(
            TestBench.CreateCompletedTask("https://cdn.example/p"), ImageTarget.ExactFile(_folder.At(name), force: false));

        Assert.Equal(_folder.At(name), saved.Path);
        Assert.Equal(bytes, _folder.Read(name));
        Assert.Equal(warns ? 1 : 0, _bench.Observer.Warnings.Count);
        if (warns)
            Assert.Contains(
                $"contains a {(format == "png" ? "PNG" : "JPG")} image", _bench.Observer.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_file_is_refused_before_submission()
    {
        File.WriteAllText(_folder.At("fox.png"), "mine");

        Assert.Equal(NanoBananaErrorKind.FileExists, Refused(_folder.At("fox.png")));
        Assert.NotNull(ImageTarget.ExactFile(_folder.At("fox.png"), force: true));
    }

    [Fact]
    public void A_folder_or_a_file_in_a_missing_folder_is_refused()
    {
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, Refused(_folder.Path));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, Refused(_folder.At("missing/fox.png")));
    }

    [Fact]
    public async Task A_second_image_does_not_take_the_name()
    {
        _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Png());
        ImageTarget target = ImageTarget.ExactFile(_folder.At("fox.png"), force: true);
        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/1"), target);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/2") with { Id = "task2" }, target));

        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Single(_bench.Downloads.Requests);
    }

    private static NanoBananaErrorKind Refused(string path) =>
        Assert.Throws<NanoBananaException>(() => ImageTarget.ExactFile(path, force: false)).Kind;
}
