using System.Collections;
using System.Globalization;
using NanoBanana.Commands;

namespace NanoBanana.Binding;

/// <summary>
/// Checks the columns of rows before they are submitted: columns whose names are similar to a parameter, that bind by accident, that the
/// command line overrides, and that are not used.
/// </summary>
internal sealed class RowReader(NewNanoBananaImageCommand command)
{
    // Copied before the first pipeline object: contains only parameters of the command line.
    private readonly HashSet<string> _commandLine = new(command.MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _unusedColumns = [];
    private readonly HashSet<string> _warnedColumns = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _problemCounts = [];
    private string? _firstBatch;
    private bool _hasWarnedOfOverride;
    private bool _hasWarnedOfAccidentalBinding;

    /// <summary>
    /// The elements of a list that arrived as one object, such as a JSON array in Windows PowerShell; null for anything else.
    /// </summary>
    public static IEnumerable? ElementsOf(PSObject? input) =>
        input?.BaseObject is IList list and not (byte[] or IDictionary) && input.Properties["Prompt"] is null ? list : null;

    /// <summary>Binds the values of a row that PowerShell did not bind.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not text.</exception>
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

    /// <summary>Runs an action with the values of a row, and restores the parameters.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not text.</exception>
    public void RunWith(PSObject? row, Action action)
    {
        object?[] before = [.. RowColumns.All.Select(column => column.Get(command))];
        try
        {
            Bind(row);
            action();
        }
        finally
        {
            for (int i = 0; i < before.Length; i++)
                RowColumns.All[i].Set(command, before[i]);
        }
    }

    /// <summary>Whether all cells of a row are blank, such as a row below the last row of a sheet.</summary>
    public static bool IsBlank(PSObject row)
    {
        if (row.BaseObject is not PSCustomObject && row.Properties["Prompt"] is null)
            return false;
        // A row of a database also has properties that are not columns.
        PSPropertyInfo[] cells = row.BaseObject is PSCustomObject
            ? [.. row.Properties.Where(property => property is PSNoteProperty)]
            : [.. RowColumns.All.Select(column => column.Of(row)).OfType<PSPropertyInfo>()];
        return cells.Length > 1 && cells.All(cell => OriginalText.IsBlank(ValueOf(cell)));
    }

    /// <summary>The place of a row in its input, counted from 1. In a sheet, the header is row 1.</summary>
    public static string PlaceOf(object? source, int index)
    {
        if (source is string || (source is PSObject { BaseObject: string }))
            return Messages.LinePlace(index + 1);
        if (ImageInput.PathOf(source) is not null)
            return Messages.FilePlace(index + 1);
        bool isOfSheet = source is PSObject { BaseObject: PSCustomObject } row
            && row.Properties.Any() && row.Properties.All(cell => cell is PSNoteProperty
            && OriginalText.Unwrap(cell.Value) is null or string);
        return isOfSheet ? Messages.RowOfSheet(index + 1) : Messages.RowPlace(index + 1);
    }

    /// <summary>Why a row must not be submitted; null if it can be. Writes warnings about the other columns.</summary>
    public string? ProblemOf(PSObject row)
    {
        if (IsModuleObject(row))
            return null;
        var similar = new List<string>();
        foreach (PSPropertyInfo cell in row.Properties)
        {
            if (RowColumns.All.Any(column => column.Binds(cell.Name)))
                continue;
            if (!_unusedColumns.Contains(cell.Name))
                _unusedColumns.Add(cell.Name);
            string name = RowColumn.Plain(cell.Name);
            RowColumn[] unbound = [.. RowColumns.All.Where(column => !_commandLine.Contains(column.Parameter)
                && OriginalText.IsBlank(column.Of(row) is { } own ? ValueOf(own) : null))];
            string? text = TextOf(cell);
            bool IsMeant(RowColumn column) =>
                column.IsMeant(name) || (text is not null && column.CanBeMeant(name) && column.Fits?.Invoke(name, text) == true);
            if (unbound.FirstOrDefault(IsMeant) is { } meant)
            {
                if (!OriginalText.IsBlank(ValueOf(cell)))
                    similar.Add(Messages.SimilarColumn(cell.Name, meant.Parameter));
            }
            else
            {
                WarnOfUnused(cell, text, unbound.FirstOrDefault(column => column.CanBeMeant(name)), unbound);
            }
        }
        WarnOfAccidentalBinding(row);
        WarnOfOverride(row);
        return similar.Count == 0 ? null : Messages.ColumnsDoNotBind(similar);
    }

    /// <summary>Counts a refused row. Returns whether it is the first row with this problem.</summary>
    public bool CountProblem(string problem)
    {
        _problemCounts.TryGetValue(problem, out int count);
        _problemCounts[problem] = count + 1;
        return count == 0;
    }

    /// <summary>The final warning about rows with a problem that an error already reports; null if all problems are different.</summary>
    public string? RefusedRows() =>
        _problemCounts.Values.Sum(count => count - 1) is var more and > 0 ? Messages.MoreRowsRefused(more) : null;

    /// <summary>The message of -WhatIf about columns that are not used; null if all are used.</summary>
    public string? UnusedColumns() => _unusedColumns.Count == 0 ? null : Messages.UnusedColumns(_unusedColumns);

    /// <summary>
    /// Whether an object is of a kind that the module reads as a whole: a task, a file, or the JSON file of an image.
    /// </summary>
    public static bool IsModuleObject(PSObject row) =>
        row.BaseObject is string or FileSystemInfo || PromptInput.IsTask(row)
            || (row.Properties["Schema"] is not null && row.Properties["Usage"] is not null);

    /// <summary>
    /// The text of a cell, or of the first item of a list. Null for a computed property, because computing can take time.
    /// </summary>
    private static string? TextOf(PSPropertyInfo cell) => cell is not PSNoteProperty ? null : OriginalText.Unwrap(cell.Value) switch
    {
        string text => text.Trim(),
        IList { Count: > 0 } list => OriginalText.Unwrap(list[0]) as string,
        _ => null,
    };

    private void WarnOfUnused(PSPropertyInfo cell, string? value, RowColumn? possible, RowColumn[] unbound)
    {
        RowColumn? fits = value is null ? null : unbound.FirstOrDefault(column => column.Fits?.Invoke("", value) == true);
        if ((fits ?? possible) is not { } meant || (value is not null && OriginalText.IsBlank(value)) || !_warnedColumns.Add(cell.Name))
            return;
        command.WriteWarning(Messages.ColumnMayBeMeant(cell.Name, value, meant.Parameter));
    }

    /// <summary>
    /// Warns if a column Model or Batch probably contains a product or a lot. The name of a batch rarely has a digit, and a run has one
    /// batch.
    /// </summary>
    private void WarnOfAccidentalBinding(PSObject row)
    {
        if (_hasWarnedOfAccidentalBinding)
            return;
        string?[] columns =
        [
            BoundText(RowColumns.Model, row) is { } model && model.IndexOf("banana", StringComparison.OrdinalIgnoreCase) < 0
                ? Messages.ModelColumn(model) : null,
            BoundText(RowColumns.Batch, row) is { } batch && (batch.Any(char.IsDigit) || batch != (_firstBatch ??= batch))
                ? Messages.BatchColumn(batch) : null,
        ];
        if (columns.All(column => column is null))
            return;
        _hasWarnedOfAccidentalBinding = true;
        command.WriteWarning(Messages.ColumnsAreParameters(columns.OfType<string>()));
    }

    private void WarnOfOverride(PSObject row)
    {
        if (_hasWarnedOfOverride)
            return;
        string[] overrides =
            [.. RowColumns.All.Where(column => _commandLine.Contains(column.Parameter)).Select(column =>
                OverrideOf(column, row)).OfType<string>()];
        if (overrides.Length == 0)
            return;
        _hasWarnedOfOverride = true;
        command.WriteWarning(Messages.CellsAreOverridden(overrides));
    }

    private string? OverrideOf(RowColumn column, PSObject row)
    {
        if (column.Of(row) is not { } cell || ValueOf(cell) is not { } value || OriginalText.IsBlank(value))
            return null;
        string written = DisplayText(value), given = DisplayText(column.Get(command));
        return written.Trim().Equals(given.Trim(), StringComparison.OrdinalIgnoreCase)
            ? null
            : Messages.CellIsOverridden(column.Parameter, given, SourceOf(column.Parameter), written, cell.Name);
    }

    /// <summary>The source of a value. If there is a default, PowerShell does not report whether the command line overrides it.</summary>
    private string SourceOf(string parameter)
    {
        object? defaults = OriginalText.Unwrap(command.SessionState.PSVariable.GetValue("PSDefaultParameterValues"));
        bool isDefault = defaults is IDictionary table && table.Keys.OfType<string>().Any(key =>
            key.Split(':') is [var name, var its]
            && its.Trim().Equals(parameter, StringComparison.OrdinalIgnoreCase)
            && new WildcardPattern(name.Trim(), WildcardOptions.IgnoreCase).IsMatch("New-NanoBananaImage"));
        return isDefault ? Messages.DefaultsSource : Messages.CommandLineSource;
    }

    private string? BoundText(RowColumn column, PSObject row) =>
        !_commandLine.Contains(column.Parameter) && column.Of(row) is { } cell && ValueOf(cell) is { } value
            && !OriginalText.IsBlank(value) ? DisplayText(value) : null;

    private static string DisplayText(object? value) => OriginalText.Unwrap(value) switch
    {
        null => "",
        IEnumerable list and not string => string.Join(", ", list.Cast<object?>()),
        var one => string.Format(CultureInfo.InvariantCulture, "{0}", one),
    };

    /// <summary>The value of a property; null if it can't be read.</summary>
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
