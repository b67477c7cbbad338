using System.Management.Automation.Language;

namespace NanoBanana.Completion;

/// <summary>The word before the cursor, with its quotes. Quotes a value in the same way.</summary>
internal sealed class TypedWord
{
    // PowerShell treats typographic quotes as plain quotes.
    private const string SingleQuotes = "'\u2018\u2019\u201A\u201B";
    private const string DoubleQuotes = "\"\u201C\u201D\u201E";

    private readonly string? _quotes;

    public TypedWord(string? typed)
    {
        Text = typed ?? "";
        if (Text.Length == 0)
            return;
        _quotes = SingleQuotes.Contains(Text[0]) ? SingleQuotes : DoubleQuotes.Contains(Text[0]) ? DoubleQuotes : null;
        if (_quotes is not null)
            Text = Text.Substring(1).TrimEnd(_quotes.ToCharArray()).Replace("''", "'");
    }

    /// <summary>The typed text, without quotes.</summary>
    public string Text { get; }

    /// <summary>Whether a value starts with the word, ignoring case, or matches its wildcards.</summary>
    public bool Matches(string value) =>
        value.StartsWith(Text, StringComparison.OrdinalIgnoreCase)
        || (Text.IndexOfAny(['*', '?']) >= 0 && WildcardPattern.Get(Text + "*", WildcardOptions.IgnoreCase).IsMatch(value));

    /// <summary>The value for the command line: in the user's quotes, or without quotes if possible.</summary>
    public string Write(string value)
    {
        if (_quotes == DoubleQuotes)
            return '"' + string.Concat(value.Select(c => c is '`' or '$' || DoubleQuotes.Contains(c) ? $"`{c}" : $"{c}")) + '"';
        return _quotes is null && IsBareWord(value) ? value : "'" + CodeGeneration.EscapeSingleQuotedStringContent(value) + "'";
    }

    /// <summary>Whether PowerShell's parser reads the value as one word. Braces, commas and numbers require quotes.</summary>
    private static bool IsBareWord(string value)
    {
        Ast script = Parser.ParseInput("x " + value, out _, out ParseError[] errors);
        return errors.Length == 0
            && script.Find(ast => ast is CommandAst, searchNestedScriptBlocks: false) is CommandAst
            {
                CommandElements: [_, StringConstantExpressionAst { StringConstantType: StringConstantType.BareWord } word],
            }
            && word.Value == value;
    }
}
