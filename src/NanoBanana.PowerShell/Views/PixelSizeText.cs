namespace NanoBanana.Views;

/// <summary>How the size of an image to come is written.</summary>
internal static class PixelSizeText
{
    /// <summary>For 21:9 at 0.5K the sources differ (792x168, 792x336), so that size is no promise.</summary>
    public static string Of(string ratio, string resolution, PixelSize size) => ratio == "21:9" && resolution == "0.5K" ? $"about {size}" : size.ToString();
}
