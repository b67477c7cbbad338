namespace NanoBanana.Emulator.Provider;

/// <summary>The documented codes of failed tasks, as integers: leading zeros are lost on the wire.</summary>
internal static class ProviderErrors
{
    public static readonly int[] Codes = [5001095, 5001096, 5001097, 5001098];

    public static string Describe(int code) => code switch
    {
        5001095 => "Internal generation error",
        5001096 => "Result parsing error",
        5001097 => "HTTP error response",
        5001098 => "Synchronous generation error",
        _ => "Unknown error",
    };
}
