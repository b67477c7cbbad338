namespace NanoBanana.Emulator.Images;

/// <summary>Width and height in pixels.</summary>
internal readonly record struct ImageSize(int Width, int Height);

/// <summary>The output of the model: size in pixels, tokens and time, by aspect ratio and resolution.</summary>
internal static class ImageSizes
{
    public const string DefaultRatio = "1:1";
    public const string DefaultResolution = "1K";

    /// <summary>In the order of the columns below.</summary>
    public static readonly string[] Resolutions = ["0.5K", "1K", "2K", "4K"];

    private static readonly int[] TokensByResolution = [747, 1120, 1680, 2520];
    private static readonly int[] SecondsByResolution = [8, 12, 18, 30];
    private static readonly int[] DotsByResolution = [1, 1, 2, 4];

    // As documented, not computed: 21:9 at 0.5K has half the width of 1K but a quarter of its height.
    private static readonly Dictionary<string, ImageSize[]> ByRatio = new(StringComparer.Ordinal)
    {
        ["1:1"] = [new(512, 512), new(1024, 1024), new(2048, 2048), new(4096, 4096)],
        ["1:4"] = [new(256, 1024), new(512, 2048), new(1024, 4096), new(2048, 8192)],
        ["1:8"] = [new(192, 1536), new(384, 3072), new(768, 6144), new(1536, 12288)],
        ["2:3"] = [new(424, 632), new(848, 1264), new(1696, 2528), new(3392, 5056)],
        ["3:2"] = [new(632, 424), new(1264, 848), new(2528, 1696), new(5056, 3392)],
        ["3:4"] = [new(448, 600), new(896, 1200), new(1792, 2400), new(3584, 4800)],
        ["4:1"] = [new(1024, 256), new(2048, 512), new(4096, 1024), new(8192, 2048)],
        ["4:3"] = [new(600, 448), new(1200, 896), new(2400, 1792), new(4800, 3584)],
        ["4:5"] = [new(464, 576), new(928, 1152), new(1856, 2304), new(3712, 4608)],
        ["5:4"] = [new(576, 464), new(1152, 928), new(2304, 1856), new(4608, 3712)],
        ["8:1"] = [new(1536, 192), new(3072, 384), new(6144, 768), new(12288, 1536)],
        ["9:16"] = [new(384, 688), new(768, 1376), new(1536, 2752), new(3072, 5504)],
        ["16:9"] = [new(688, 384), new(1376, 768), new(2752, 1536), new(5504, 3072)],
        ["21:9"] = [new(792, 168), new(1584, 672), new(3168, 1344), new(6336, 2688)],
    };

    public static readonly string[] Ratios = [.. ByRatio.Keys];

    public static ImageSize Find(string ratio, string resolution) => ByRatio[ratio][Column(resolution)];

    public static int Tokens(string resolution) => TokensByResolution[Column(resolution)];

    /// <summary>The width of a dot of the pattern in pixels. It grows with the image, so larger images are not slower to create.</summary>
    public static int Dot(string resolution) => DotsByResolution[Column(resolution)];

    /// <summary>Median duration of a task, in seconds.</summary>
    public static int MedianSeconds(string resolution) => SecondsByResolution[Column(resolution)];

    private static int Column(string resolution) => Array.IndexOf(Resolutions, resolution);
}
