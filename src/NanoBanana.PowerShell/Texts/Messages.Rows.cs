using System.Collections;
using System.Globalization;

namespace NanoBanana.Texts;

/// <content>Rows of tables, their columns and their cells.</content>
internal static partial class Messages
{
    /// <summary>The place of an input in a list of lines, counted from 1.</summary>
    public static string LinePlace(int number) => FormattableString.Invariant($"Line {number}");

    /// <summary>The place of an input in a list of files, counted from 1.</summary>
    public static string FilePlace(int number) => FormattableString.Invariant($"File {number}");

    /// <summary>The place of an input in a list of objects, counted from 1.</summary>
    public static string RowPlace(int number) => FormattableString.Invariant($"Row {number}");

    /// <summary>The place of an input in a spreadsheet, counted from 1, and its row number in the spreadsheet.</summary>
    public static string RowOfSheet(int number) =>
        FormattableString.Invariant($"Row {number} (row {number + 1} of a sheet with a header)");

    /// <summary>A column in an error, and the parameter that it probably means.</summary>
    public static string SimilarColumn(string column, string parameter) => $"{QuoteName(column)} (did you mean {parameter}?)";

    public static string ColumnsDoNotBind(IReadOnlyCollection<string> columns) =>
        (columns.Count == 1 ? "A column does not match a parameter: " : "Columns do not match parameters: ")
        + $"{string.Join(", ", columns)}. Nothing was sent for the row. "
        + "Rename the column, or remove it with Select-Object -ExcludeProperty.";

    public static string MoreRowsRefused(int count) => count == 1
        ? "1 more row was not submitted. It has the same columns as a row in an error."
        : string.Format(
            CultureInfo.InvariantCulture, "{0} more rows were not submitted. They have the same columns as a row in an error.", count);

    public static string UnusedColumns(IEnumerable<string> columns) =>
        $"Columns that are not used: {string.Join(", ", columns.Select(QuoteName))}.";

    public static string FirstLineIsHeader(string line, string delimiterOption) =>
        $"The first line, {Quote(line, ShortLength)}, is the header of a table, so nothing was sent. "
        + $"Read the file with Import-Csv{delimiterOption}.";

    public static string OtherDelimiter(string delimiterOption) =>
        $"The columns of the file have another separator. Read the file with Import-Csv{delimiterOption}.";

    public const string AlsoGiveEncoding =
        " The text contains replacement characters (U+FFFD), so also specify the encoding of the file: -Encoding ansi (PowerShell 7.4) or "
        + "-Encoding Default (Windows PowerShell).";

    public const string NameOnePropertyPrompt = "Rename one of them to Prompt, or pipe strings.";

    public const string PipeStrings = "Pipe strings, or objects with a property Prompt.";

    public static string ProbablyThePrompt(string column) =>
        $"{QuoteName(column)} is probably the prompt. Rename it to Prompt, or pipe strings.";

    public static string ColumnMayBeMeant(string column, string? value, string parameter) =>
        $"The column {QuoteName(column)} is not used{(value is null ? "" : $" (here its value is {Quote(value, ShortLength)})")}. "
        + $"If it means {parameter}, rename it to {parameter}.";

    public static string ModelColumn(string value) => $"Model {Quote(value, ShortLength)} is used as the id of the model";

    public static string BatchColumn(string value) =>
        $"Batch {Quote(value, ShortLength)} is used as the name of a batch, which submits a request only once";

    public static string ColumnsAreParameters(IEnumerable<string> columns) =>
        $"Some columns have the names of parameters: {string.Join("; ", columns)}. "
        + "If a column means something else, rename it, or remove it with Select-Object -ExcludeProperty.";

    public static string CellIsOverridden(string parameter, string given, string source, string written, string column) =>
        $"{parameter} is {Quote(given, ShortLength)} ({source}) in place of {Quote(written, ShortLength)} "
        + $"(column {TextSafety.Excerpt(column, ShortLength)})";

    public static string CellsAreOverridden(IEnumerable<string> cells) =>
        $"Cells are overridden in all rows: {string.Join("; ", cells)}.";

    public const string CommandLineSource = "from the command line";

    public const string DefaultsSource = "from $PSDefaultParameterValues or the command line";

    public static string SeveralValuesInRow(int count, string what, string parameter) =>
        $"The object has {count} {what}, but each object makes one image. Nothing was sent for it. "
        + $"Specify one value in the object, or several with -{parameter}.";

    public static string ProbablyUtf8(string? prompt, string wrong, string right) =>
        $"{Quote(prompt, ShortLength)} contains '{wrong}', which is probably '{right}'. "
        + "A file in UTF-8 was read in another encoding. Read it with -Encoding utf8.";

    public static string ShortenedNumber(string? name) =>
        $"The name {Quote(name)} is a long number that a spreadsheet has shortened. To keep all digits, format the column as text.";

    public static string DateInPlaceOfRatio(string text, IEnumerable<string> meant) =>
        $"{Quote(text)} is not an aspect ratio. A spreadsheet has probably changed {string.Join(" or ", meant)} to a date. "
        + "Format the column as text, and enter the ratio again.";

    public static string SeveralAddresses(string text) =>
        $"{Quote(text)} looks like several addresses, but not all of them start with https:// or http://. "
        + "Write each address in full, and separate the addresses with semicolons.";

    public static string ReplacementCharacter(string what, string excerpt, bool isFile) =>
        $"{what} contains a replacement character (U+FFFD) in '{excerpt}', because the file was read in the wrong encoding. "
        + ReadAgain(isFile);

    public static string NullCharacter(string what, bool isFile) =>
        $"{what} contains a null character. The file is probably UTF-16 and was read in another encoding. {ReadAgain(isFile)}";

    public static string SpreadsheetError(string what, string value) =>
        $"{what} is '{value}', which is an error value of a spreadsheet. Fix the formula or the cell.";

    public static string NotAString(string what, string kind) =>
        $"{what} must be a string, but this is {kind}. Pipe the object, or specify one of its properties.";

    public static string NotOneString(string what, string kind) => $"{what} must be a string, but this is {kind}. Specify one string.";

    public static string LocalDate(string what) =>
        $"{what} must be a string, but this is a date in the time zone of this computer. ConvertFrom-Json converts a string with an offset "
        + "to such a date, and the original text is lost. Use ConvertFrom-Json -DateKind String, or specify a string, "
        + "for example $_.ToString('s').";

    /// <summary>The kind of an object, for an error message.</summary>
    public static string KindOf(object value) => value switch
    {
        IDictionary => "a hashtable",
        PSCustomObject => "an object",
        _ => $"an object of type {value.GetType().Name}",
    };

    /// <summary>The name of a property, with the spaces at its ends, which can be the reason why it does not bind.</summary>
    private static string QuoteName(string name) => TextSafety.Excerpt($"'{name}'", ShortLength);

    private static string ReadAgain(bool isFile) => isFile
        ? "Save the file as UTF-8, for example with Set-Content -Encoding utf8."
        : "Read the file again with its encoding: -Encoding ansi (PowerShell 7.4), -Encoding Default (Windows PowerShell), "
            + "-Encoding utf8 or -Encoding unicode.";
}
