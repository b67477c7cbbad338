using NanoBanana.Client.Images;

namespace NanoBanana.Client.Tests.Files;

public sealed class RequestedSizeTests
{
    [Theory]
    // Both are requested: the size of the model, and sizes of its earlier versions.
    [InlineData("16:9", "2K", 2752, 1536, true)]
    [InlineData("16:9", "1K", 1344, 768, true)]
    [InlineData("21:9", "1K", 1536, 672, true)]
    [InlineData("5:4", "1K", 1152, 896, true)]
    [InlineData("16:9", "2K", 1376, 768, false)]
    [InlineData("16:9", "1K", 2752, 1536, false)]
    [InlineData("16:9", "1K", 1024, 1024, false)]
    [InlineData("16:9", "1K", 768, 1376, false)]
    [InlineData("4:5", "1K", 896, 1200, false)]
    [InlineData("1:1", "4K", 2048, 2048, false)]
    // Tables differ.
    [InlineData("21:9", "0.5K", 792, 168, true)]
    [InlineData("21:9", "0.5K", 792, 336, true)]
    [InlineData("21:9", "0.5K", 512, 512, false)]
    // Only an aspect ratio is requested.
    [InlineData("16:9", null, 1376, 768, true)]
    [InlineData("16:9", null, 5504, 3072, true)]
    [InlineData("16:9", null, 1024, 1024, false)]
    // Only a resolution is requested, with any aspect ratio.
    [InlineData(null, "2K", 2048, 2048, true)]
    [InlineData(null, "2K", 3072, 1376, true)]
    [InlineData(null, "1K", 384, 3072, true)]
    [InlineData(null, "2K", 1024, 1024, false)]
    [InlineData(null, "0.5K", 1024, 1024, false)]
    public void An_image_with_a_small_deviation_is_as_requested(string? ratio, string? resolution, int width, int height, bool expected)
    {
        RequestedSize requested = RequestedSize.Of(Task(ratio, resolution))!;
        Assert.Equal(expected, requested.IsMetBy(new PixelSize(width, height)));
    }

    [Fact]
    public void Each_size_of_the_model_matches_only_its_own_request()
    {
        foreach (string ratio in ImageModel.AspectRatios)
        {
            foreach (string resolution in ImageModel.Resolutions)
            {
                Assert.True(ImageModel.TryGetPixelSize(ratio, resolution, out PixelSize size));
                Assert.True(RequestedSize.Of(Task(ratio, resolution))!.IsMetBy(size));
                Assert.All(
                    ImageModel.Resolutions.Where(r => r != resolution),
                    other => Assert.False(RequestedSize.Of(Task(ratio, other))!.IsMetBy(size), $"{ratio} {other}"));
            }
        }
    }

    [Theory]
    [InlineData(null, null, "nano_banana_2")]
    [InlineData("16:9", "2K", "another_model")]
    [InlineData("7:5", "2K", "nano_banana_2")]
    public void Without_a_requested_or_a_known_size_there_is_no_comparison(string? ratio, string? resolution, string model) =>
        Assert.Null(RequestedSize.Of(Task(ratio, resolution) with { Model = model }));

    [Theory]
    [InlineData("16:9", "2K", "16:9 2K (2752x1536)")]
    [InlineData("16:9", null, "16:9")]
    [InlineData(null, "2K", "2K")]
    public void The_text_of_a_requested_size_is_as_it_was_requested(string? ratio, string? resolution, string expected) =>
        Assert.Equal(expected, RequestedSize.Of(Task(ratio, resolution))!.ToString());

    private static ImageTask Task(string? ratio, string? resolution) =>
        new() { Id = "task1", Status = ImageTaskStatus.Completed, AspectRatio = ratio, Resolution = resolution };
}
