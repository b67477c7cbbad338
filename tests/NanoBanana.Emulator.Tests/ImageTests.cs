using System.Text.Json.Nodes;
using NanoBanana.Emulator.Images;
using StbImageSharp;

namespace NanoBanana.Emulator.Tests;

public sealed class ImageTests
{
    /// <summary>The documented table, intentionally written a second time.</summary>
    private const string Table = """
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

    public static TheoryData<string, string, string> Sizes
    {
        get
        {
            string[] resolutions = ["0.5K", "1K", "2K", "4K"];
            var sizes = new TheoryData<string, string, string>();
            foreach (string[] row in Table.Split('\n').Select(line => line.Trim().Split(' ')))
            {
                for (int i = 0; i < resolutions.Length; i++)
                    sizes.Add(row[0], resolutions[i], row[i + 1]);
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Image_has_the_size_of_its_ratio_and_resolution(
        string ratio, string resolution, string size)
    {
        using var provider = new Provider();
        byte[] file = await provider.ImageAsync(new JsonObject
        {
            ["prompt"] = ratio + resolution,
            ["aspect_ratio"] = ratio,
            ["resolution"] = resolution,
        });

        var image = ImageResult.FromMemory(file, ColorComponents.RedGreenBlue);
        Assert.Equal(size, $"{image.Width}x{image.Height}");
        Assert.InRange(file.Length, 1, 1_500_000);
        Assert.InRange(Colors(image), 40, 256);
    }

    [Fact]
    public void There_are_fifty_six_sizes() => Assert.Equal(56, Sizes.Count);

    [Fact]
    public async Task Image_is_square_and_1K_by_default()
    {
        using var provider = new Provider();
        var image = ImageResult.FromMemory(await provider.ImageAsync(Provider.Parameters("a red fox")));

        Assert.Equal((1024, 1024), (image.Width, image.Height));
    }

    [Fact]
    public async Task Same_request_returns_the_same_image_on_any_server()
    {
        using var one = new Provider();
        using var other = new Provider(new EmulatorOptions { TimeScale = 0, Seed = 99 });

        byte[] first = await one.ImageAsync(Provider.Parameters("a red fox"));

        Assert.Equal(first, await one.ImageAsync(Provider.Parameters("a red fox")));
        Assert.Equal(first, await other.ImageAsync(Provider.Parameters("a red fox")));
    }

    [Fact]
    public async Task Different_requests_return_different_images()
    {
        using var provider = new Provider();
        var seen = new HashSet<string>();
        for (int i = 0; i < 50; i++)
        {
            var parameters = new JsonObject { ["prompt"] = $"fox {i}", ["resolution"] = "0.5K" };
            byte[] file = await provider.ImageAsync(parameters);
            Assert.True(seen.Add(Convert.ToBase64String(file)));
        }

        byte[] withReference = await provider.ImageAsync(new JsonObject
        {
            ["prompt"] = "fox 0",
            ["resolution"] = "0.5K",
            ["image_urls"] = new JsonArray("https://example.com/a.png"),
        });
        Assert.True(seen.Add(Convert.ToBase64String(withReference)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pattern_is_smooth(int variant)
    {
        var size = new ImageSize(512, 512);
        byte[] pixels = PixelData.Make(size, variant, 1);
        byte[] gray = PngChunks.Make("PLTE", [.. Enumerable.Range(0, 256 * 3).Select(i => (byte)(i / 3))]);
        byte[] file = [.. PngChunks.Signature, .. PngChunks.Header(size), .. gray, .. pixels, .. PngChunks.End];

        byte[] index = ImageResult.FromMemory(file, ColorComponents.Grey).Data;

        // Neighboring indices differ by little. The palette is a loop, so its end is next to its start.
        int steps = Enumerable.Range(1, index.Length - 1).Count(i => Math.Abs((sbyte)(index[i] - index[i - 1])) > 4);
        Assert.InRange(steps, 0, index.Length / 50);
        Assert.InRange(index.Distinct().Count(), 100, 256);
    }

    [Fact]
    public async Task Pixels_of_a_size_are_created_once_by_concurrent_requests()
    {
        int created = 0;
        var cache = new OnceCache<ImageSize>(size =>
        {
            Interlocked.Increment(ref created);
            return PixelData.Make(size, 0, 1);
        });
        using var start = new Barrier(8);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return cache.Get(new ImageSize(512, 512));
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(1, created);
        Assert.All(all, pixels => Assert.Same(all[0], pixels));
    }

    private static int Colors(ImageResult image)
    {
        var colors = new HashSet<int>();
        byte[] data = image.Data;
        for (int i = 0; i + 2 < data.Length; i += 3 * 97)
            colors.Add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
        return colors.Count;
    }
}
