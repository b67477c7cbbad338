using System.CommandLine;
using System.Globalization;

namespace NanoBanana.Lab.History;

/// <summary>The verb <c>history</c>, for the table "A journal of any size" in docs/performance.md.</summary>
internal static class HistoryCommand
{
    private static readonly Option<int[]> Entries = new("--entries")
    {
        HelpName = "N",
        Description = "Entries of the journals.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [10_000, 100_000, 1_000_000],
    };

    private static readonly Option<int> Rounds = Verb.Number(
        "--rounds", 3, minimum: 1, "Rounds of each command. The result is the median.");

    public static Command Create() => Verb.Create(
        "history",
        "Measures every command that reads or changes the journal, on journals of several sizes.",
        [Entries, Rounds],
        arguments => Task.FromResult(Run(arguments.GetValue(Entries)!, arguments.GetValue(Rounds))));

    public static string Run(IReadOnlyList<int> sizes, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("nanobanana-history-").FullName;
        try
        {
            var columns = new List<IReadOnlyList<(string Command, Measure Measure)>>();
            foreach (int size in sizes)
            {
                Report.Progress($"{size} entries");
                string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, $"{size}")).FullName, "journal.db");
                LargeJournal.Write(path, size);
                columns.Add(HistorySession.Run(Path.GetDirectoryName(path)!, path, rounds));
            }
            Report.Table(
                ["command", .. sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture))],
                columns[0].Select((row, i) => (string[])[$"`{row.Command}`", .. columns.Select(column => column[i].Measure.ToString())]));
            return $"{columns[0].Count} commands on {sizes.Count} journals: time to the first row and to the last row, "
                + "and managed memory if it grew by more than 20 MB.";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
