using System.CommandLine;
using System.Runtime.InteropServices;
using NanoBanana.Lab.Bench.Scenarios;
using NanoBanana.Lab.Polls;

namespace NanoBanana.Lab.Bench;

/// <summary><c>bench</c>: docs/performance.md.</summary>
internal static class BenchCommand
{
    private const string Polling = "polling";

    private static readonly (string Name, Func<BenchSession, Task<IReadOnlyList<Row>>> Run)[] Parts =
    [
        ("throughput", Throughput.RunAsync),
        ("scripts", Scripts.RunAsync),
        ("scale", Scale.RunAsync),
        ("start", Start.RunAsync),
        ("downloads", Downloads.RunAsync),
        ("tls", Tls.RunAsync),
    ];

    private static readonly Option<bool> Quick = new("--quick") { Description = "Small numbers: shows that it runs and that nothing is lost; the ratios mean little." };
    private static readonly Option<string> Only = new Option<string>("--only") { Description = "Only this part." }
        .AcceptOnlyFromAmong([.. Parts.Select(part => part.Name), Polling]);
    private static readonly Option<int> Rounds = Verb.Number("--rounds", null, least: 1, "How often each rival runs after the warm-up [default: 5; 1 with --quick].");
    private static readonly Option<FileInfo> Pwsh = Verb.Pwsh();
    private static readonly Option<DirectoryInfo> Folder = Verb.Folder();
    private static readonly Option<FileInfo> Store = new("--store")
    {
        HelpName = "FILE",
        Description = "Writes the rows to this file, as JSON.",
    };
    private static readonly Option<FileInfo> Compare = new Option<FileInfo>("--compare")
    {
        HelpName = "FILE",
        Description = "Prints ratios to the run that --store has written to this file.",
    }.AcceptExistingOnly();

    public static Command Create() => Verb.Create(
        "bench",
        "Measures speed and memory of the module beside those of rivals. Run it with -c Release.",
        [Quick, Only, Rounds, Pwsh, Folder, Store, Compare],
        arguments =>
        {
            bool quick = arguments.GetValue(Quick);
            return RunAsync(new BenchOptions
            {
                Quick = quick,
                Only = arguments.GetValue(Only) ?? "",
                Rounds = arguments.GetValue(Rounds) is > 0 and var rounds ? rounds : quick ? 1 : 5,
                Pwsh = arguments.GetValue(Pwsh)?.FullName ?? LabFiles.Pwsh,
                Folder = arguments.GetValue(Folder)?.FullName ?? Path.GetTempPath(),
                Store = arguments.GetValue(Store)?.FullName,
                Compare = arguments.GetValue(Compare)?.FullName,
            });
        });

    private static async Task<string> RunAsync(BenchOptions options)
    {
        // Before anything is measured: a file that is of no use is named at once.
        StoredRun? stored = options.Compare is { } path ? StoredRun.Read(path, options) : null;
        List<Row> rows = [];
        List<(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)> details;
        using (BenchSession session = await BenchSession.OpenAsync(options))
        {
            details = session.Details;
            foreach ((string name, Func<BenchSession, Task<IReadOnlyList<Row>>> run) in Parts.Where(part => options.Includes(part.Name)))
            {
                Report.Progress(name);
                rows.AddRange(await run(session));
            }
        }
        Report.Table(
            ("runtime", RuntimeInformation.FrameworkDescription),
            ("system", RuntimeInformation.OSDescription),
            ("processors", Environment.ProcessorCount),
            ("rounds", options.Rounds),
            ("ratios", options.Quick ? "mean little: --quick" : "ours by the rival's, medians"),
            ("pwsh", options.Pwsh == LabFiles.Pwsh ? "tools/Pwsh" : options.Pwsh));
        if (rows.Count > 0)
            Report.Table(Row.Head, rows.Select(row => row.Cells));
        foreach ((IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> lines) in details)
            Report.Table(head, lines);
        StoredRun now = StoredRun.Of(options, rows);
        if (stored is not null)
        {
            Report.Table(StoredRun.Head, stored.Compare(now));
            Report.Progress($"{stored.CountMissing(now)} rows of the stored run are not in this one");
        }
        if (options.Store is { } file)
            now.Write(file);
        if (options.Includes(Polling))
            PollsCommand.Run(options.Quick, seed: 1);
        return $"No task was lost or bought twice; {rows.Count(row => row.Met == false)} of {rows.Count(row => row.Met is not null)} demands on speed and memory are not met here.";
    }
}
