using System.Globalization;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

/// <summary>A task with several images, saved under one name.</summary>
public sealed class SeveralImagesTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("16:9", "2K", "1376x768 2752x1536", 2)]
    [InlineData("16:9", "2K", "2752x1536 1376x768", 1)]
    [InlineData("16:9", "1K", "5504x3072 1376x768", 2)]
    [InlineData("16:9", "4K", "1376x768 2752x1536", 2)]
    [InlineData("16:9", "4K", "2752x1536 1376x768", 1)]
    [InlineData(null, null, "512x512 2048x2048 1024x1024", 2)]
    [InlineData("16:9", "1K", "2048x2048 1376x768 1024x1024", 2)]
    public async Task The_image_of_the_requested_size_is_kept_else_the_largest_with_one_warning(
        string? ratio, string? resolution, string sizes, int expected)
    {
        byte[][] images = [.. sizes.Split(' ').Select(Sized)];
        _bench.Downloads.Otherwise = r => Answer.Bytes(images[r.Address[^1] - '0']);

        SavedImage saved = await SaveAsync(Made(images.Length) with { AspectRatio = ratio, Resolution = resolution });

        Assert.Equal((_folder.At("fox.png"), expected - 1), (saved.Path, saved.ImageNumber));
        Assert.Equal(images[expected - 1], _folder.Read("fox.png"));
        Assert.Equal(["fox.png"], _folder.Files);
        string warning = Assert.Single(_bench.Observer.Warnings);
        Assert.Contains($"has {images.Length} images", warning, StringComparison.Ordinal);
        Assert.Contains($"number {expected} (", warning, StringComparison.Ordinal);
        Assert.Contains("Save-NanoBananaImage -Id task1", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_the_provider_describes_as_the_requested_one_is_the_only_download()
    {
        _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Sized(2752, 1536));
        ImageTask task = Made(3) with { AspectRatio = "16:9", Resolution = "2K" };
        task = task with
        {
            Image = [task.Image[0] with { Width = 5504, Height = 3072 }, task.Image[1], task.Image[2] with { Width = 2752, Height = 1536 }],
        };

        SavedImage saved = await SaveAsync(task);

        Assert.Equal(2, saved.ImageNumber);
        Assert.Single(_bench.Downloads.Requests);
    }

    [Fact]
    public async Task A_failed_download_of_one_image_does_not_prevent_saving_the_others()
    {
        _bench.Downloads.Otherwise = r => r.Address.EndsWith('0')
            ? Answer.Bytes("<html>"u8.ToArray())
            : Answer.Bytes(TestImages.Sized(1376, 768));

        SavedImage saved = await SaveAsync(Made(2) with { AspectRatio = "16:9", Resolution = "2K" });

        Assert.Equal((1, false), (saved.ImageNumber, saved.IsAsRequested));
        Assert.Contains("could not be downloaded", Assert.Single(_bench.Observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_no_image_of_a_task_can_be_downloaded_there_is_one_error_and_no_file()
    {
        _bench.Downloads.Otherwise = _ => Answer.Bytes("<html>"u8.ToArray());

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => SaveAsync(Made(2)));

        Assert.Equal(NanoBananaErrorKind.NotAnImage, error.Kind);
        Assert.Empty(_folder.Files);
        Assert.Empty(_bench.Observer.Warnings);
    }

    [Fact]
    public async Task An_existing_file_is_kept_and_nothing_is_downloaded()
    {
        ImageTarget target = ImageTarget.ExactFile(_folder.At("fox.png"), force: false);
        File.WriteAllText(_folder.At("fox.png"), "mine");

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.Client.SaveBestAsync(Made(2), target, _bench.Observer, default));

        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Empty(_bench.Downloads.Requests);
    }

    private Task<SavedImage> SaveAsync(ImageTask task) =>
        _bench.Client.SaveBestAsync(task, ImageTarget.ExactFile(_folder.At("fox.png"), force: false), _bench.Observer, default);

    private static ImageTask Made(int count) =>
        TestBench.CreateCompletedTask([.. Enumerable.Range(0, count).Select(number => $"https://cdn.example/{number}")]);

    private static byte[] Sized(string size)
    {
        int[] sides = [.. size.Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture))];
        return TestImages.Sized(sides[0], sides[1]);
    }
}
