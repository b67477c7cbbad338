using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Images;

/// <summary>A closed loop of 256 colors that blends four random colors. One number is the seed.</summary>
internal static class ImagePalette
{
    private const int Anchors = 4;
    private const int Steps = 256 / Anchors;

    public static byte[] Create(ulong fingerprint)
    {
        var random = new SeededRandom(fingerprint);
        double hue = random.NextDouble();
        double turn = 0.06 + (0.1 * random.NextDouble());
        // A dark color, two with similar hues that are lighter, and one with a nearly opposite hue.
        var colors = new double[Anchors][];
        colors[0] = Color(hue, 0.55 + (0.3 * random.NextDouble()), 0.14 + (0.1 * random.NextDouble()));
        colors[1] = Color(hue + turn, 0.6 + (0.3 * random.NextDouble()), 0.4 + (0.12 * random.NextDouble()));
        colors[2] = Color(hue + (2 * turn), 0.55 + (0.35 * random.NextDouble()), 0.8 + (0.1 * random.NextDouble()));
        colors[3] = Color(hue + 0.4 + turn, 0.5 + (0.3 * random.NextDouble()), 0.5 + (0.12 * random.NextDouble()));

        var palette = new byte[256 * 3];
        for (int i = 0; i < 256; i++)
        {
            double[] from = colors[i / Steps], to = colors[(i / Steps + 1) % Anchors];
            double share = (1 - Math.Cos(Math.PI * (i % Steps) / Steps)) / 2;
            for (int channel = 0; channel < 3; channel++)
            {
                double level = from[channel] + ((to[channel] - from[channel]) * share);
                palette[(i * 3) + channel] = (byte)Math.Round(255 * level);
            }
        }

        return palette;
    }

    /// <summary>Red, green and blue, 0 to 1, of hue, saturation and lightness (CSS Color 4, hslToRgb).</summary>
    private static double[] Color(double hue, double saturation, double lightness)
    {
        double chroma = saturation * Math.Min(lightness, 1 - lightness);
        return [Channel(0), Channel(8), Channel(4)];

        double Channel(int offset)
        {
            double k = (offset + (12 * hue)) % 12;
            return lightness - (chroma * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)));
        }
    }
}
