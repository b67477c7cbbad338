using System.CommandLine;

namespace NanoBanana.Lab.Crash;

/// <summary><c>crash</c>: docs/decisions/0006-journal.md.</summary>
internal static class CrashCommand
{
    private static readonly Option<int> Kills = Verb.Number("--kills", 100, least: 1, "Processes to kill.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, least: 0, "Repeats the same choice of moments.");
    private static readonly Option<int> Prompts = Verb.Number("--prompts", 50, least: 5, "Prompts of each batch.");

    public static Command Create() => Verb.Create(
        "crash",
        "Kills processes that run a batch, at the worst moments, and lets it finish: nothing is lost or bought twice.",
        [Kills, Seed, Prompts],
        async arguments =>
        {
            CrashReport report = await CrashRun.RunAsync(new CrashOptions
            {
                Kills = arguments.GetValue(Kills),
                Seed = arguments.GetValue(Seed),
                Prompts = arguments.GetValue(Prompts),
                Progress = Report.Progress,
            });
            Report.Table(
            [
                .. report.Kills.Select(kill => ($"kills at {kill.Key}", (object)kill.Value)),
                ("batches", report.Batches),
                ("whole images", report.Pictures),
                ("unknown submissions, all reported", report.Unknown),
                ("of them bought", report.UnknownButBought),
                ("part files left, all removed", report.PartFilesLeft),
            ]);
            return "Nothing was bought twice unless asked for, no id was lost, every journal is intact.";
        });
}
