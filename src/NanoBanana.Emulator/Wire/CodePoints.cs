namespace NanoBanana.Emulator.Wire;

/// <summary>The provider's "characters": Unicode code points, not UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>Counts the code points of well-formed text.</summary>
    public static int Count(string text)
    {
        int count = text.Length;
        foreach (char unit in text)
        {
            if (char.IsLowSurrogate(unit))
                count--;
        }

        return count;
    }
}
