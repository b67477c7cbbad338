namespace NanoBanana.Client.Text;

/// <summary>
/// The texts of this assembly that users see, by topic: errors, warnings and verbose messages. The callers clean and shorten the values. A
/// text that starts with a lowercase letter is a part of a longer message.
/// </summary>
internal static partial class Messages
{
    private const string SpecifyKey = "Specify a valid key with Connect-NanoBanana or $env:NANOBANANA_API_KEY.";

    private const string CheckAccount = "Check your provider account.";

    /// <summary>An exception that is a defect of the module.</summary>
    public static string Unexpected(string error) => $"This is an unexpected error of the module: {error}";

    /// <summary>What to do about <see cref="Unexpected"/>.</summary>
    public const string ReportError = "Report this error, with the output of -Verbose or the log of the connection.";

    /// <summary>A list in a sentence, such as <c>a, b or c</c>.</summary>
    private static string Or(IReadOnlyList<string> items) => items.Count < 2
        ? string.Concat(items)
        : $"{string.Join(", ", items.Take(items.Count - 1))} or {items[items.Count - 1]}";

    private static string Capitalized(string phrase) => char.ToUpperInvariant(phrase[0]) + phrase.Substring(1);
}
