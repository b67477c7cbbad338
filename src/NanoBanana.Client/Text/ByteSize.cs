using System.Globalization;

namespace NanoBanana.Client.Text;

/// <summary>Sizes in bytes as people read them.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB"];

    /// <summary>In the units of PowerShell, where 1 KB is 1024 bytes: <c>1.3 MB</c>.</summary>
    public static string Describe(long bytes)
    {
        double number = bytes;
        int unit = 0;
        // Rounded, 1023.95 KB would be 1024.0 KB.
        for (; number >= 1023.95 && unit < Units.Length - 1; unit++)
            number /= 1024;
        return number.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
