using System.Collections;
using System.Globalization;
using NanoBanana.Commands;

namespace NanoBanana.Binding;

/// <summary>
/// Looks at the columns of rows before anything of them is bought: those that nearly bind, those that bind by accident, those that
/// the command line overrides, and those that nobody uses.
/// </summary>
internal sealed class RowReader(NewNanoBananaImageCommand command)
{
    /// <summary>As much of a value as a message shows.</summary>
    private const int ShownLength = 40;

    private static readonly char[] Delimiters = [';', '\t', '|', ','];

    // Taken before the first pipeline object: what is here was written on the command line.
    private readonly HashSet<string> _commandLine = new(command.MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _unused = [];
    private readonly HashSet<string> _warned = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _problems = [];
    private string? _firstBatch;
    private bool _toldOverride;
    private bool _toldAccident;

    /// <summary>
    /// The elements of a list that came as one object, such as a JSON array of Windows PowerShell; null for anything else.
    /// </summary>
    public static IEnumerable? ElementsOf(PSObject? input) =>
        input?.BaseObject is IList list and not (byte[] or IDictionary) && input.Properties["Prompt"] is null ? list : null;

    /// <summary>Binds the values of a row that PowerShell did not bind.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is no text.</exception>
    private void Bind(PSObject? row)
    {
        try
        {
            foreach (RowColumn column in RowColumns.All.Where(column => !_commandLine.Contains(column.Parameter)))
                column.Set(command, row is null || row.BaseObject is string ? null : column.Of(row)?.Value);
        }
        catch (ArgumentTransformationMetadataException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, e.Message, e);
        }
    }

    /// <summary>Does something with the values of a row, and gives the parameters back what they had.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is no text.</exception>
    public void With(PSObject? row, Action act)
    {
        object?[] before = [.. RowColumns.All.Select(column => column.Get(command))];
        try
        {
            Bind(row);
            act();
        }
        finally
        {
            for (int i = 0; i < before.Length; i++)
                RowColumns.All[i].Set(command, before[i]);
        }
    }

    /// <summary>Whether all cells of a row are blank, as below the last row of a sheet.</summary>
    public static bool IsBlank(PSObject row)
    {
        if (row.BaseObject is not PSCustomObject && row.Properties["Prompt"] is null)
            return false;
        // A row of a database has properties of its own beside its columns.
        PSPropertyInfo[] cells = row.BaseObject is PSCustomObject
            ? [.. row.Properties.Where(property => property is PSNoteProperty)]
            : [.. RowColumns.All.Select(column => column.Of(row)).OfType<PSPropertyInfo>()];
        return cells.Length > 1 && cells.All(cell => WrittenText.IsBlank(ValueOf(cell)));
    }

    /// <summary>Where a row is in its input, as a user counts: from 1, and in a sheet below its header.</summary>
    public static string PlaceOf(object? source, int index)
    {
        if (source is string || (source is PSObject { BaseObject: string }))
            return FormattableString.Invariant($"Line {index + 1}");
        if (ImageInput.PathOf(source) is not null)
            return FormattableString.Invariant($"File {index + 1}");
        bool isOfSheet = source is PSObject { BaseObject: PSCustomObject } row
            && row.Properties.Any() && row.Properties.All(cell => cell is PSNoteProperty
            && WrittenText.Unwrap(cell.Value) is null or string);
        return isOfSheet ? FormattableString.Invariant($"Row {index + 1} (row {index + 2} of a sheet with a header)")
            : FormattableString.Invariant($"Row {index + 1}");
    }

    /// <summary>Why a row must not be bought as it is; warnings about the rest of its columns are written.</summary>
    public string? ProblemOf(PSObject row)
    {
        if (IsOurs(row))
            return null;
        var near = new List<string>();
        foreach (PSPropertyInfo cell in row.Properties)
        {
            if (RowColumns.All.Any(column => column.Binds(cell.Name)))
                continue;
            if (!_unused.Contains(cell.Name))
                _unused.Add(cell.Name);
            string name = RowColumn.Plain(cell.Name);
            RowColumn[] open = [.. RowColumns.All.Where(column => !_commandLine.Contains(column.Parameter)
                && WrittenText.IsBlank(column.Of(row) is { } own ? ValueOf(own) : null))];
            string? text = TextOf(cell);
            bool IsMeant(RowColumn column) =>
                column.IsMeant(name) || (text is not null && column.IsPerhaps(name) && column.Fits?.Invoke(name, text) == true);
            if (open.FirstOrDefault(IsMeant) is { } meant)
            {
                if (!WrittenText.IsBlank(ValueOf(cell)))
                    near.Add($"{Quoted(cell.Name)} ({meant.Parameter} is meant)");
            }
            else
            {
                WarnOf(cell, text, open.FirstOrDefault(column => column.IsPerhaps(name)), open);
            }
        }
        WarnOfAccident(row);
        WarnOfOverride(row);
        return near.Count == 0
            ? null
            : (near.Count == 1 ? "A column does not bind to a parameter by its name: "
            : "Columns do not bind to parameters by their names: ")
                + $"{string.Join(", ", near)}. "
                + "Nothing was bought for the row. Rename the column, or leave it out with Select-Object -ExcludeProperty.";
    }

    /// <summary>Whether a problem is told for the first time; the others are counted.</summary>
    public bool IsNew(string problem)
    {
        _problems.TryGetValue(problem, out int count);
        _problems[problem] = count + 1;
        return count == 0;
    }

    /// <summary>The line at the end about rows that were refused like another one; null when there are none.</summary>
    public string? RefusedLine() => _problems.Values.Sum(count => count - 1) switch
    {
        0 => null,
        1 => "1 more row was not bought: it has the columns of the row that an error names.",
        var more => string.Format(CultureInfo.InvariantCulture,
            "{0} more rows were not bought: they have the columns of the row that an error names.", more),
    };

    /// <summary>What -WhatIf says of columns that nothing uses; null when there are none.</summary>
    public string? UnusedLine() => _unused.Count == 0
        ? null
        : $"Columns that are not used: {string.Join(", ", _unused.Select(Quoted))}.";

    /// <summary>Refuses the header of a sheet that was read as lines: it and all rows would be bought as prompts.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it is one.</exception>
    public static void CheckNoHeader(string line)
    {
        foreach (char delimiter in Delimiters)
        {
            string[] names = [.. line.Split(delimiter).Select(name => name.Trim().Trim('"'))];
            if (names.Length > 1 && names.Any(RowColumns.Prompt.Binds)
                && names.Count(name => RowColumns.All.Any(column => column.Binds(name))) > 1)
            {
                throw new NanoBananaException(
                    NanoBananaErrorKind.InvalidRequest,
                    $"The first line, '{TextSafety.Excerpt(line, ShownLength)}', is the header of a table. Read the file with "
                        + $"Import-Csv{DelimiterOption(delimiter)}; nothing was sent.");
            }
        }
    }

    private static string DelimiterOption(char delimiter) => delimiter switch
    {
        ',' => "",
        '\t' => " -Delimiter \"`t\"",
        _ => $" -Delimiter '{delimiter}'",
    };

    /// <summary>What to do about an object without a prompt.</summary>
    public static string HintOf(PSObject row)
    {
        string[] names = [.. row.Properties.Take(50).Select(property => property.Name)];
        bool isMisread = row.BaseObject is PSCustomObject
            && row.Properties.Take(50).Any(cell => cell.Name.Contains('\uFFFD')
            || (cell is PSNoteProperty && WrittenText.Unwrap(cell.Value) is string text && text.Contains('\uFFFD')));
        string encoding = isMisread
            ? " Its text has replacement characters (U+FFFD), so give the encoding of the file too: -Encoding ansi (PowerShell 7.4), or "
                + "-Encoding Default (Windows PowerShell)."
            : "";
        foreach (char delimiter in Delimiters)
        {
            if (names.Any(name => name.Split(delimiter) is { Length: > 1 } parts
                && parts.Any(part => RowColumns.All.Any(column => column.Binds(part.Trim(' ', '"'))))))
                return $"The columns of the file are separated in another way: read it with "
                    + $"Import-Csv{DelimiterOption(delimiter)}.{encoding}";
        }
        string? meant = names.FirstOrDefault(name => RowColumns.Prompt.IsMeant(RowColumn.Plain(name)))
            ?? names.FirstOrDefault(name => RowColumns.Prompt.IsPerhaps(RowColumn.Plain(name)));
        return meant is null
            ? "Name one of them Prompt, or pipe strings." + encoding
            : $"{Quoted(meant)} is probably meant: name it Prompt, or pipe strings.{encoding}";
    }

    /// <summary>
    /// Whether an object is one of ours, whose other properties tell of the image: a task, a file, or the JSON beside an image.
    /// </summary>
    public static bool IsOurs(PSObject row) =>
        row.BaseObject is string or FileSystemInfo || PromptInput.IsTask(row)
            || (row.Properties["Schema"] is not null && row.Properties["Usage"] is not null);

    /// <summary>The text of a cell, or the first of a list. The value of a property that is computed may cost time: it has none.</summary>
    private static string? TextOf(PSPropertyInfo cell) => cell is not PSNoteProperty ? null : WrittenText.Unwrap(cell.Value) switch
    {
        string text => text.Trim(),
        IList { Count: > 0 } list => WrittenText.Unwrap(list[0]) as string,
        _ => null,
    };

    private void WarnOf(PSPropertyInfo cell, string? value, RowColumn? perhaps, RowColumn[] open)
    {
        RowColumn? fits = value is null ? null : open.FirstOrDefault(column => column.Fits?.Invoke("", value) == true);
        if ((fits ?? perhaps) is not { } meant || (value is not null && WrittenText.IsBlank(value)) || !_warned.Add(cell.Name))
            return;
        string shown = value is null ? "" : $", here '{TextSafety.Excerpt(value, ShownLength)}',";
        command.WriteWarning($"The column {Quoted(cell.Name)}{shown} is not used. If {meant.Parameter} is meant, name the column "
            + $"{meant.Parameter}.");
    }

    /// <summary>A product's model and a lot's number are other things than ours. A run has one name, seldom with a number.</summary>
    private void WarnOfAccident(PSObject row)
    {
        if (_toldAccident)
            return;
        string?[] what =
        [
            Bound(RowColumns.Model, row) is { } model && model.IndexOf("banana", StringComparison.OrdinalIgnoreCase) < 0
                ? $"Model '{TextSafety.Excerpt(model, ShownLength)}' is sent as the id of the model that makes the image" : null,
            Bound(RowColumns.Batch, row) is { } batch && (batch.Any(char.IsDigit) || batch != (_firstBatch ??= batch))
                ? $"Batch '{TextSafety.Excerpt(batch, ShownLength)}' is the name of a run, in which a request is not bought again" : null,
        ];
        if (what.All(part => part is null))
            return;
        _toldAccident = true;
        command.WriteWarning(
            $"Columns have the names of parameters: {string.Join("; ", what.OfType<string>())}. "
            + "If they mean something else, rename them or leave them out with Select-Object -ExcludeProperty.");
    }

    private void WarnOfOverride(PSObject row)
    {
        if (_toldOverride)
            return;
        string[] overrides =
            [.. RowColumns.All.Where(column => _commandLine.Contains(column.Parameter)).Select(column =>
                OverrideOf(column, row)).OfType<string>()];
        if (overrides.Length == 0)
            return;
        _toldOverride = true;
        command.WriteWarning($"Cells are overridden in all rows: {string.Join("; ", overrides)}.");
    }

    private string? OverrideOf(RowColumn column, PSObject row)
    {
        if (column.Of(row) is not { } cell || ValueOf(cell) is not { } value || WrittenText.IsBlank(value))
            return null;
        string written = Shown(value), given = Shown(column.Get(command));
        return written.Trim().Equals(given.Trim(), StringComparison.OrdinalIgnoreCase)
            ? null
            : $"{column.Parameter} is '{TextSafety.Excerpt(given, ShownLength)}' by {SourceOf(column.Parameter)}, "
                + $"not '{TextSafety.Excerpt(written, ShownLength)}' as in the column {TextSafety.Excerpt(cell.Name, ShownLength)}";
    }

    /// <summary>The command line wins over the defaults, but PowerShell does not say which of them a value is from.</summary>
    private string SourceOf(string parameter)
    {
        object? defaults = WrittenText.Unwrap(command.SessionState.PSVariable.GetValue("PSDefaultParameterValues"));
        bool isDefault = defaults is IDictionary table && table.Keys.OfType<string>().Any(key =>
            key.Split(':') is [var name, var its]
            && its.Trim().Equals(parameter, StringComparison.OrdinalIgnoreCase)
            && new WildcardPattern(name.Trim(), WildcardOptions.IgnoreCase).IsMatch("New-NanoBananaImage"));
        return isDefault ? "$PSDefaultParameterValues or the command line" : "the command line";
    }

    private string? Bound(RowColumn column, PSObject row) =>
        !_commandLine.Contains(column.Parameter) && column.Of(row) is { } cell && ValueOf(cell) is { } value
            && !WrittenText.IsBlank(value) ? Shown(value) : null;

    /// <summary>A name with the spaces at its ends, which are why it does not bind.</summary>
    private static string Quoted(string name) => TextSafety.Excerpt($"'{name}'", ShownLength);

    private static string Shown(object? value) => WrittenText.Unwrap(value) switch
    {
        null => "",
        IEnumerable list and not string => string.Join(", ", list.Cast<object?>()),
        var one => string.Format(CultureInfo.InvariantCulture, "{0}", one),
    };

    /// <summary>The value of a property; null where it can't be had.</summary>
    public static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
