namespace NanoBanana.Binding;

/// <summary>Detects a table that was read in a wrong way: as lines, with another delimiter, or in another encoding.</summary>
internal static class TableFormat
{
    private static readonly char[] Delimiters = [';', '\t', '|', ','];

    /// <summary>Refuses the header of a table that was read as lines: each line would be bought as a prompt.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the line is a header.</exception>
    public static void CheckNoHeader(string line)
    {
        foreach (char delimiter in Delimiters)
        {
            string[] names = [.. line.Split(delimiter).Select(name => name.Trim().Trim('"'))];
            if (names.Length > 1 && names.Any(RowColumns.Prompt.Binds)
                && names.Count(name => RowColumns.All.Any(column => column.Binds(name))) > 1)
            {
                throw new NanoBananaException(
                    NanoBananaErrorKind.InvalidRequest, Messages.FirstLineIsHeader(line, DelimiterOption(delimiter)));
            }
        }
    }

    private static string DelimiterOption(char delimiter) => delimiter switch
    {
        ',' => "",
        '\t' => " -Delimiter \"`t\"",
        _ => $" -Delimiter '{delimiter}'",
    };

    /// <summary>The advice for an object without a prompt.</summary>
    public static string HintOf(PSObject row)
    {
        string[] names = [.. row.Properties.Take(50).Select(property => property.Name)];
        bool isMisread = row.BaseObject is PSCustomObject
            && row.Properties.Take(50).Any(cell => cell.Name.Contains('\uFFFD')
            || (cell is PSNoteProperty && OriginalText.Unwrap(cell.Value) is string text && text.Contains('\uFFFD')));
        string encoding = isMisread ? Messages.AlsoGiveEncoding : "";
        foreach (char delimiter in Delimiters)
        {
            if (names.Any(name => name.Split(delimiter) is { Length: > 1 } parts
                && parts.Any(part => RowColumns.All.Any(column => column.Binds(part.Trim(' ', '"'))))))
                return Messages.OtherDelimiter(DelimiterOption(delimiter)) + encoding;
        }
        string? meant = names.FirstOrDefault(name => RowColumns.Prompt.IsMeant(RowColumn.Plain(name)))
            ?? names.FirstOrDefault(name => RowColumns.Prompt.CanBeMeant(RowColumn.Plain(name)));
        string hint = names.Length == 0 ? Messages.PipeStrings
            : meant is null ? Messages.NameOnePropertyPrompt : Messages.ProbablyThePrompt(meant);
        return hint + encoding;
    }
}
