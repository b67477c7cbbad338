using System.Globalization;

namespace NanoBanana.Client.Text;

/// <summary>Formats sizes in bytes.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB"];

    /// <summary>The size in the units of PowerShell, such as <c>1.3 MB</c>. 1 KB is 1024 bytes.</summary>
    public static string Describe(long bytes)
    {
        double number = bytes;
        int unit = 0;
        // 1023.95 KB would be rounded to 1024.0 KB.
        for (; number >= 1023.95 && unit < Units.Length - 1; unit++)
            number /= 1024;
        return number.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
