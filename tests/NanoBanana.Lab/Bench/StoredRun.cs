using System.Text.Json;

namespace NanoBanana.Lab.Bench;

/// <summary>A stored run of the benchmark. Comparing with it shows whether a change made the module slower.</summary>
internal sealed record StoredRun
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>Whether it used small numbers. It can be compared only with such a run.</summary>
    public required bool Quick { get; init; }

    public required IReadOnlyList<StoredRow> Rows { get; init; }

    public static StoredRun Of(BenchOptions options, IEnumerable<Row> rows) => new()
    {
        Quick = options.Quick,
        Rows = [.. rows.Select(row => new StoredRow(row.What, row.Whose, row.Ours, row.Unit, row.Ratio))],
    };

    /// <exception cref="LabException">The file is not a stored run, or only one of the runs used --quick.</exception>
    public static StoredRun Read(string path, BenchOptions options)
    {
        StoredRun? stored;
        try
        {
            stored = JsonSerializer.Deserialize<StoredRun>(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new LabException($"'{path}' is not a run that --store has written: {e.Message}");
        }
        if (stored is null)
            throw new LabException($"'{path}' is not a run that --store has written.");
        return stored.Quick == options.Quick
            ? stored
            : throw new LabException($"'{path}' is a run {(stored.Quick ? "with" : "without")} --quick. Compare it with such a run.");
    }

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Format));

    public static IReadOnlyList<string> Head { get; } =
        ["what", "beside", "ours, stored", "ours, now", "now / stored", "ratio, stored", "ratio, now", "now / stored"];

    /// <summary>
    /// A line for each row of this run. The ratio to the rival can be compared between machines, but our number can't.
    /// </summary>
    public IEnumerable<IReadOnlyList<string>> Compare(StoredRun now) => now.Rows.Select(row =>
    {
        StoredRow? before = Find(Rows, row);
        return new[]
        {
            row.What, row.Beside, before is null ? "no such row" : before.Number, row.Number, Row.Quotient(row.Ours / before?.Ours),
            Row.Quotient(before?.Ratio), Row.Quotient(row.Ratio), Row.Quotient(row.Ratio / before?.Ratio),
        };
    });

    /// <summary>Number of stored rows that are not in the other run.</summary>
    public int CountMissing(StoredRun now) => Rows.Count(row => Find(now.Rows, row) is null);

    private static StoredRow? Find(IReadOnlyList<StoredRow> rows, StoredRow like) =>
        rows.FirstOrDefault(row => (row.What, row.Beside, row.Unit) == (like.What, like.Beside, like.Unit));
}

/// <summary>A row in a file. See <see cref="Row"/>.</summary>
internal sealed record StoredRow(string What, string Beside, double? Ours, string Unit, double? Ratio)
{
    internal string Number => Row.Number(Ours, Unit);
}
