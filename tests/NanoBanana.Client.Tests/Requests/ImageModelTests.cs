namespace NanoBanana.Client.Tests.Requests;

public sealed class ImageModelTests
{
    /// <summary>The public table of the model: ratio, then the sizes at 0.5K, 1K, 2K, 4K.</summary>
    private const string Sizes = """
        1:1 512x512 1024x1024 2048x2048 4096x4096
        1:4 256x1024 512x2048 1024x4096 2048x8192
        1:8 192x1536 384x3072 768x6144 1536x12288
        2:3 424x632 848x1264 1696x2528 3392x5056
        3:2 632x424 1264x848 2528x1696 5056x3392
        3:4 448x600 896x1200 1792x2400 3584x4800
        4:1 1024x256 2048x512 4096x1024 8192x2048
        4:3 600x448 1200x896 2400x1792 4800x3584
        4:5 464x576 928x1152 1856x2304 3712x4608
        5:4 576x464 1152x928 2304x1856 4608x3712
        8:1 1536x192 3072x384 6144x768 12288x1536
        9:16 384x688 768x1376 1536x2752 3072x5504
        16:9 688x384 1376x768 2752x1536 5504x3072
        21:9 792x168 1584x672 3168x1344 6336x2688
        """;

    [Fact]
    public void Every_ratio_has_the_sizes_of_the_table_of_the_model()
    {
        string[][] rows = [.. Sizes.ReplaceLineEndings("\n").Split('\n').Select(line => line.Split(' '))];

        Assert.Equal(ImageModel.AspectRatios.Order(), rows.Select(row => row[0]).Order());
        foreach (string[] row in rows)
            Assert.Equal(row[1..], ImageModel.Resolutions.Select(resolution => SizeOf(row[0], resolution)));
    }

    [Theory]
    [InlineData("0.5K", 747)]
    [InlineData("1K", 1120)]
    [InlineData("2K", 1680)]
    [InlineData("4K", 2520)]
    [InlineData(null, 1120)]
    public void The_tokens_of_an_image_depend_on_its_resolution(string? resolution, int tokens) =>
        Assert.Equal(tokens, ImageModel.GetOutputTokens(resolution));

    [Fact]
    public void An_unknown_ratio_or_resolution_has_no_size_and_no_price()
    {
        Assert.False(ImageModel.TryGetPixelSize("16:10", "1K", out _));
        Assert.False(ImageModel.TryGetPixelSize("1:1", "8K", out _));
        Assert.Throws<ArgumentException>(() => ImageModel.GetOutputTokens("8K"));
    }

    [Fact]
    public void The_ratios_are_in_the_order_of_the_documentation() =>
        Assert.Equal("1:8, 1:4, 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 8:1, 4:1, 9:16, 16:9, 21:9", string.Join(", ", ImageModel.AspectRatios));

    private static string SizeOf(string ratio, string resolution) =>
        ImageModel.TryGetPixelSize(ratio, resolution, out PixelSize size) ? size.ToString() : "none";
}
