namespace NanoBanana.Texts;

/// <summary>
/// The texts of the commands that users read: errors, warnings, verbose messages, confirmations, progress and tooltips. An error contains
/// what was wrong, what is allowed and what to do. Text from outside is cleaned and shortened here.
/// </summary>
internal static partial class Messages
{
    /// <summary>The maximum length of a cell, a prompt or a name in a message, in characters.</summary>
    public const int ShortLength = 40;

    private const int PathLength = 300;

    private static string Quote(string? text, int length = 80) => $"'{TextSafety.Excerpt(text, length)}'";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Were(int count) => count == 1 ? "was" : "were";
}
