namespace NanoBanana.Emulator.Images;

/// <summary>
/// Patterns of palette indices. The index changes slowly from dot to dot, so the image compresses well. It wraps from 255 to
/// 0, so the palette must be a closed loop.
/// </summary>
internal static class ImagePattern
{
    public const int Variants = 4;

    /// <summary>Prepares a pattern. The result fills row y with one index for each dot.</summary>
    public static Action<byte[], int> Create(int variant, int width, int height)
    {
        double unit = Math.Min(width, height);
        return variant switch
        {
            0 => Plasma(width, height, unit),
            1 => Rings(width, height, unit),
            2 => Ribbons(width, height, unit),
            _ => Hills(width, height, unit),
        };
    }

    private static Action<byte[], int> Plasma(int width, int height, double unit)
    {
        float[] across = Wave(width, 45, 1.1 * unit, 0.3);
        float[] down = Wave(height, 45, 1.4 * unit, 2.1);
        float[] slant = Wave(width + height, 38, 0.9 * unit, 1.2);
        float[] back = Wave(width + height, 30, 0.7 * unit, 4.0);
        return (row, y) =>
        {
            for (int x = 0; x < width; x++)
                row[x] = (byte)(int)(256 + across[x] + down[y] + slant[x + y] + back[height - y + x]);
        };
    }

    private static Action<byte[], int> Rings(int width, int height, double unit)
    {
        double centerX = 0.38 * width, centerY = 0.42 * height, scale = 300 / unit;
        float[] ripple = Wave(width + height, 18, 0.6 * unit, 0);
        return (row, y) =>
        {
            double dy = y - centerY;
            for (int x = 0; x < width; x++)
            {
                double dx = x - centerX;
                row[x] = (byte)(int)(256 + (Math.Sqrt(dx * dx + dy * dy) * scale) + ripple[x + y]);
            }
        };
    }

    private static Action<byte[], int> Ribbons(int width, int height, double unit)
    {
        double scale = 190 / unit;
        float[] bend = Wave(height, 55, 1.3 * unit, 0.8);
        float[] swell = Wave(width, 35, 1.7 * unit, 3.0);
        return (row, y) =>
        {
            double start = 256 + (y * scale) + bend[y];
            for (int x = 0; x < width; x++)
                row[x] = (byte)(int)(start + (x * scale * 0.6) + swell[x]);
        };
    }

    /// <summary>A sky and ranges of hills, each with its own part of the palette.</summary>
    private static Action<byte[], int> Hills(int width, int height, double unit)
    {
        const int Ranges = 5;
        var ridges = new float[Ranges][];
        for (int i = 0; i < Ranges; i++)
        {
            ridges[i] = Wave(width, 0.05 * height, (1.5 - (0.2 * i)) * unit, 1.7 * i);
            float[] detail = Wave(width, 0.018 * height, (0.42 - (0.04 * i)) * unit, 0.9 * i);
            for (int x = 0; x < width; x++)
                ridges[i][x] += detail[x] + (float)(height * (0.38 + (0.13 * i)));
        }

        double fade = 70.0 / height;
        return (row, y) =>
        {
            for (int x = 0; x < width; x++)
            {
                int range = 0;
                while (range < Ranges && y >= ridges[range][x])
                    range++;
                double depth = range == 0 ? y : y - ridges[range - 1][x];
                row[x] = (byte)(int)((range * 38) + Math.Min(60, depth * fade * (range == 0 ? 0.8 : 1.6)));
            }
        };
    }

    private static float[] Wave(int length, double height, double period, double phase)
    {
        var wave = new float[length + 1];
        for (int i = 0; i < wave.Length; i++)
            wave[i] = (float)(height * Math.Sin((2 * Math.PI * i / period) + phase));
        return wave;
    }
}
