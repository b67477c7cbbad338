namespace NanoBanana;

/// <summary>Replaces text with an explicit comparison, which .NET Framework doesn't have. Tests use only the ordinal one.</summary>
internal static class OrdinalReplacement
{
    public static string Replace(this string text, string old, string replacement, StringComparison comparison) =>
        comparison == StringComparison.Ordinal
            ? text.Replace(old, replacement)
            : throw new NotSupportedException($"Only the ordinal comparison is supported, not {comparison}.");
}
