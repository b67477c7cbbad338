using System.CommandLine;
using System.Globalization;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab.History;

/// <summary><c>history</c>: the table "A journal of any size" in docs/performance.md.</summary>
internal static class HistoryCommand
{
    private static readonly Option<int[]> Entries = new("--entries")
    {
        HelpName = "N",
        Description = "Entries of the journals.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [10_000, 100_000, 1_000_000],
    };

    private static readonly Option<int> Rounds = Verb.Number("--rounds", 3, least: 1, "Rounds of each command; the median counts.");

    public static System.CommandLine.Command Create() => Verb.Create(
        "history",
        "Measures every command that reads or changes the journal, on journals of several sizes.",
        [Entries, Rounds],
        arguments => Task.FromResult(Run(arguments.GetValue(Entries)!, arguments.GetValue(Rounds))));

    public static string Run(IReadOnlyList<int> sizes, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("nanobanana-history-").FullName;
        string? variable = Environment.GetEnvironmentVariable("NANOBANANA_JOURNAL");
        try
        {
            var columns = new List<IReadOnlyDictionary<string, Measure>>();
            foreach (int size in sizes)
            {
                Report.Progress($"{size:N0} entries: writing");
                string path = Path.Combine(folder, $"{size}.db");
                LargeJournal.Write(path, size);
                Environment.SetEnvironmentVariable("NANOBANANA_JOURNAL", path);
                using Runspace runspace = Engine.Open();
                using var session = new HistorySession(runspace, folder);
                columns.Add(Measured(session, size, rounds));
            }
            string[] commands = [.. columns[0].Keys];
            Report.Table(
                ["command", .. sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture))],
                commands.Select(command => (string[])[$"`{command}`", .. columns.Select(column => column[command].ToString())]));
            return $"{commands.Length} commands on {sizes.Count} journals. First row, all rows, managed memory that was added.";
        }
        finally
        {
            Environment.SetEnvironmentVariable("NANOBANANA_JOURNAL", variable);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, Measure> Measured(HistorySession session, int size, int rounds)
    {
        var measures = new Dictionary<string, Measure>();
        foreach (string command in HistorySession.Commands)
        {
            Report.Progress($"{size:N0} entries: {command}");
            Measure[] all = [.. Enumerable.Range(0, rounds).Select(round => session.Run(command, round))];
            measures[command] = all.OrderBy(measure => measure.First).ElementAt(all.Length / 2);
        }
        return measures;
    }
}
