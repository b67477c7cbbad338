using System.Globalization;

namespace NanoBanana.Lab;

/// <summary>The report of a verb: progress on standard error, tables in Markdown and the result on standard output.</summary>
internal static class Report
{
    public static void Progress(string text) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss} {text}"));

    public static void Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines = [head, .. rows];
        int[] widths = [.. head.Select((_, column) => Math.Max(3, lines.Max(line => line[column].Length)))];
        lines.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (IReadOnlyList<string> line in lines)
            Console.WriteLine($"| {string.Join(" | ", line.Select((cell, column) => cell.PadRight(widths[column])))} |");
        Console.WriteLine();
    }

    /// <summary>A table of names and values.</summary>
    public static void Table(params IEnumerable<(string What, object Value)> rows) =>
        Table(["what", "value"], rows.Select(row => new[] { row.What, Convert.ToString(row.Value, CultureInfo.InvariantCulture)! }));
}
