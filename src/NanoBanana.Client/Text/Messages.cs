namespace NanoBanana.Client.Text;

/// <summary>
/// The texts of this assembly that users see, by topic: errors, warnings and verbose messages. The callers clean and shorten the values. A
/// text that starts with a lowercase letter is a part of a longer message.
/// </summary>
internal static partial class Messages
{
    /// <summary>A list in a sentence, such as <c>a, b or c</c>.</summary>
    private static string Or(IReadOnlyList<string> items) => items.Count < 2
        ? string.Concat(items)
        : $"{string.Join(", ", items.Take(items.Count - 1))} or {items[items.Count - 1]}";

    private static string Capitalized(string phrase) => char.ToUpperInvariant(phrase[0]) + phrase.Substring(1);
}
