using System.CommandLine;
using System.Runtime.InteropServices;
using NanoBanana.Lab.Bench.Scenarios;
using NanoBanana.Lab.Polls;

namespace NanoBanana.Lab.Bench;

/// <summary>The verb <c>bench</c>. See docs/performance.md.</summary>
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

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Uses small numbers. This checks that the benchmark runs and loses no task. The ratios are not accurate.",
    };
    private static readonly Option<string> Only = new Option<string>("--only") { Description = "Runs only this part." }
        .AcceptOnlyFromAmong([.. Parts.Select(part => part.Name), Polling]);
    private static readonly Option<int> Rounds = Verb.Number(
        "--rounds", null, minimum: 1, "Runs of each rival after the warm-up [default: 5; 1 with --quick].");
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
        Description = "Compares this run with the run that --store has written to this file.",
    }.AcceptExistingOnly();

    public static Command Create() => Verb.Create(
        "bench",
        "Measures speed and memory of the module and of rivals. Run it with -c Release.",
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
        // Read the file first, so that an invalid file fails before the measurement.
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
            ("ratios", options.Quick ? "not accurate: --quick" : "ours divided by the rival's, medians"),
            ("pwsh", options.Pwsh == LabFiles.Pwsh ? "tools/Pwsh" : options.Pwsh));
        if (rows.Count > 0)
            Report.Table(Row.Head, rows.Select(row => row.Cells));
        foreach ((IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> lines) in details)
            Report.Table(head, lines);
        StoredRun now = StoredRun.Of(options, rows);
        if (stored is not null)
        {
            Report.Table(StoredRun.Head, stored.Compare(now));
            Report.Progress($"{stored.CountMissing(now)} rows of the stored run are not in this run");
        }
        if (options.Store is { } file)
            now.Write(file);
        if (options.Includes(Polling))
            PollsCommand.Run(options.Quick, seed: 1);
        (int missed, int all) = (rows.Count(row => row.Met == false), rows.Count(row => row.Met is not null));
        return $"No task was lost or bought twice. {missed} of {all} demands on speed and memory are not met on this machine.";
    }
}
