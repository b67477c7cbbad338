using System.Management.Automation.Language;

namespace NanoBanana.Completion;

/// <summary>The word before the cursor, with the quotes that the user has typed and the way to write a value in its place.</summary>
internal sealed class TypedWord
{
    // PowerShell takes the typographic quotes for plain ones.
    private const string SingleQuotes = "'\u2018\u2019\u201A\u201B";
    private const string DoubleQuotes = "\"\u201C\u201D\u201E";

    private readonly string? _family;

    public TypedWord(string? typed)
    {
        Text = typed ?? "";
        if (Text.Length == 0)
            return;
        _family = SingleQuotes.Contains(Text[0]) ? SingleQuotes : DoubleQuotes.Contains(Text[0]) ? DoubleQuotes : null;
        if (_family is not null)
            Text = Text.Substring(1).TrimEnd(_family.ToCharArray()).Replace("''", "'");
    }

    /// <summary>What was typed, without quotes.</summary>
    public string Text { get; }

    /// <summary>Whether a value begins with the word, in upper or lower case, or fits its wildcards.</summary>
    public bool Begins(string value) =>
        value.StartsWith(Text, StringComparison.OrdinalIgnoreCase)
        || (Text.IndexOfAny(['*', '?']) >= 0 && WildcardPattern.Get(Text + "*", WildcardOptions.IgnoreCase).IsMatch(value));

    /// <summary>The value as it must stand in the command line: in the user's quotes, else in none where it can go without.</summary>
    public string Write(string value)
    {
        if (_family == DoubleQuotes)
            return '"' + string.Concat(value.Select(c => c is '`' or '$' || DoubleQuotes.Contains(c) ? $"`{c}" : $"{c}")) + '"';
        return _family is null && IsBareWord(value) ? value : "'" + CodeGeneration.EscapeSingleQuotedStringContent(value) + "'";
    }

    /// <summary>Asks PowerShell's own parser: braces, commas, or what reads as a number can't stand alone.</summary>
    private static bool IsBareWord(string value)
    {
        Ast script = Parser.ParseInput("x " + value, out _, out ParseError[] errors);
        return errors.Length == 0
            && script.Find(ast => ast is CommandAst, searchNestedScriptBlocks: false) is CommandAst { CommandElements: [_, StringConstantExpressionAst { StringConstantType: StringConstantType.BareWord } word] }
            && word.Value == value;
    }
}
