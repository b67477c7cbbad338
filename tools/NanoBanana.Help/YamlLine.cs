using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>A line <c>key: value</c>, the only YAML that the pages use.</summary>
/// <param name="Line">Its line number, from 1.</param>
internal sealed record YamlLine(string Key, string Value, int Line)
{
    public static IEnumerable<YamlLine> ReadAll(CodeBlock block)
    {
        for (int i = 0; i < block.Lines.Count; i++)
        {
            string text = block.Lines.Lines[i].ToString();
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0)
                yield return new YamlLine(text[..colon].Trim(), text[(colon + 1)..].Trim(), block.Line + i + 2);
            else if (text.Trim().Length > 0)
                yield return new YamlLine(text.Trim(), "", block.Line + i + 2);
        }
    }
}
