namespace NanoBanana;

/// <summary>Replacing text with an explicit comparison, which .NET Framework has not; tests ask for the ordinal one only.</summary>
internal static class OrdinalReplacement
{
    public static string Replace(this string text, string old, string replacement, StringComparison comparison) =>
        comparison == StringComparison.Ordinal
            ? text.Replace(old, replacement)
            : throw new NotSupportedException($"Only the ordinal comparison is known here, not {comparison}.");
}
