using NanoBanana.Help;

namespace NanoBanana.Module.Tests.Help.Engine;

/// <summary>A fenced block <c>powershell</c> of the documentation.</summary>
/// <param name="Where">The page and its number there.</param>
/// <param name="Code">What a reader would paste.</param>
/// <param name="Before">The block before it on the page.</param>
internal sealed record DocumentedExample(string Where, string Code, string? Before)
{
    private const string NeedsMark = "# needs: ";

    /// <summary>What the first line says that it takes beyond the module.</summary>
    public string? Needs => Code.StartsWith(NeedsMark, StringComparison.Ordinal) ? Code.Split('\n')[0][NeedsMark.Length..].Trim() : null;

    public static IReadOnlyList<DocumentedExample> All { get; } =
        [.. Places.CommandPages.Concat(Places.Topics).Append(Path.Combine(Places.Repository, "README.md")).SelectMany(OfPage)];

    private static IEnumerable<DocumentedExample> OfPage(string file)
    {
        string[] blocks = [.. MarkdownPage.Load(file).Code("powershell")];
        return blocks.Select((code, i) => new DocumentedExample($"{Path.GetFileName(file)} #{i + 1}", code, i > 0 ? blocks[i - 1] : null));
    }
}
