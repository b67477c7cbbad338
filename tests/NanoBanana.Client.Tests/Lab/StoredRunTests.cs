using NanoBanana.Lab;
using NanoBanana.Lab.Bench;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>Compares a run of the benchmark with a stored one.</summary>
public sealed class StoredRunTests : IDisposable
{
    private static readonly BenchOptions Quick = new() { Quick = true, Pwsh = "pwsh", Folder = "." };

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.At("run.json");

    [Fact]
    public void A_row_shows_both_runs_and_the_ratios_between_them()
    {
        StoredRun stored = Stored(Row.AtLeast(0.5, "Tasks per second", 1000, 2000, "/s", "a bare client"));

        IReadOnlyList<string> line = Assert.Single(stored.Compare(Run(Row.Beside("Tasks per second", 1500, 2000, "/s", "a bare client"))));

        Assert.Equal(["Tasks per second", "a bare client", "1,000 /s", "1,500 /s", "1.50", "0.50", "0.75", "1.50"], line);
    }

    [Fact]
    public void Rows_with_one_name_are_distinguished_by_their_rival()
    {
        StoredRun stored = Stored(Row.Beside("CPU", 10, 5, "ms", "a bare client"), Row.Beside("CPU", 20, 5, "ms", "a script"));

        IReadOnlyList<string> line = Assert.Single(stored.Compare(Run(Row.Beside("CPU", 20, 5, "ms", "a script"))));

        Assert.Equal("1.00", line[4]);
        Assert.Equal(1, stored.CountMissing(Run(Row.Beside("CPU", 20, 5, "ms", "a script"))));
    }

    [Fact]
    public void A_row_without_a_counterpart_or_a_number_has_no_ratios()
    {
        StoredRun stored = Stored(Row.NotMeasured("Downloads", "there is no curl"), Row.AtMostValue(5, "Memory", 2, "KB"));

        IReadOnlyList<string>[] lines =
        [
            .. stored.Compare(Run(
                Row.AtMostValue(5, "Connections", 1, ""),
                Row.NotMeasured("Downloads", "there is no curl"),
                Row.AtMostValue(5, "Memory", 3, "KB"))),
        ];

        Assert.Equal(["Connections", "", "no such row", "1.00", "", "", "", ""], lines[0]);
        Assert.Equal(["Downloads", "there is no curl", "not measured", "not measured", "", "", "", ""], lines[1]);
        Assert.Equal(["Memory", "", "2.00 KB", "3.00 KB", "1.50", "", "", ""], lines[2]);
    }

    [Fact]
    public void A_rival_of_zero_has_no_ratio()
    {
        IReadOnlyList<string> line = Assert.Single(Stored(Row.Beside("Connections", 1, 0, "", "a bare client"))
            .Compare(Run(Row.Beside("Connections", 1, 0, "", "a bare client"))));

        Assert.Equal(["1.00", "1.00", "1.00", "", "", ""], line.Skip(2));
    }

    [Fact]
    public void A_run_with_other_numbers_is_not_compared()
    {
        Run().Write(File);

        LabException error = Assert.Throws<LabException>(() => StoredRun.Read(File, Quick with { Quick = false }));

        Assert.Contains("is a run with --quick", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("a table")]
    public void A_file_that_is_not_a_stored_run_is_an_error_that_names_it(string content)
    {
        System.IO.File.WriteAllText(File, content);

        LabException error = Assert.Throws<LabException>(() => StoredRun.Read(File, Quick));

        Assert.StartsWith($"'{File}' is not a run that --store has written", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Creates a run, writes it to a file and reads it again.</summary>
    private StoredRun Stored(params Row[] rows)
    {
        Run(rows).Write(File);
        return StoredRun.Read(File, Quick);
    }

    private static StoredRun Run(params Row[] rows) => StoredRun.Of(Quick, rows);
}
