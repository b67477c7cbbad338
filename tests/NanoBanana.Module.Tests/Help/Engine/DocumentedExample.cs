using NanoBanana.Help;

namespace NanoBanana.Module.Tests.Help.Engine;

/// <summary>A fenced block <c>powershell</c> of the documentation.</summary>
/// <param name="Where">The page and its number there.</param>
/// <param name="Code">The text that a reader pastes.</param>
/// <param name="Before">The block before it on the page.</param>
internal sealed record DocumentedExample(string Where, string Code, string? Before)
{
    private const string NeedsMark = "# needs: ";

    /// <summary>What the example needs beyond the module, from its first line.</summary>
    public string? Needs => Code.StartsWith(NeedsMark, StringComparison.Ordinal) ? Code.Split('\n')[0][NeedsMark.Length..].Trim() : null;

    public static IReadOnlyList<DocumentedExample> All { get; } =
        [.. Paths.CommandPages.Concat(Paths.Topics).Append(Path.Combine(Paths.Repository, "README.md")).SelectMany(OfPage)];

    private static IEnumerable<DocumentedExample> OfPage(string file)
    {
        string[] blocks = [.. MarkdownPage.Load(file).Code("powershell")];
        return blocks.Select((code, i) => new DocumentedExample($"{Path.GetFileName(file)} #{i + 1}", code, i > 0 ? blocks[i - 1] : null));
    }
}
