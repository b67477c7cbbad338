using System.CommandLine;

namespace NanoBanana.Lab.Crash;

/// <summary><c>crash</c>: docs/decisions/0006-journal.md.</summary>
internal static class CrashCommand
{
    private static readonly Option<int> Kills = Verb.Number("--kills", 100, least: 1, "Processes to kill.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, least: 0, "Repeats the same choice of moments.");
    private static readonly Option<int> Prompts = Verb.Number("--prompts", 50, least: 5, "Prompts of each batch.");

    private static readonly Option<string> With = new("--with")
    {
        HelpName = "kill,term,…",
        Description = "What happens to the processes: any of kill, term, hup, int, remove, pause.",
        DefaultValueFactory = _ => "kill",
        CustomParser = argument =>
        {
            string[] names = argument.Tokens[0].Value.Split(',');
            if (names.FirstOrDefault(name => Find(name) is null) is { } wrong)
                argument.AddError($"--with does not take '{wrong}'; it takes kill, term, hup, int, remove and pause, with commas.");
            return argument.Tokens[0].Value;
        },
    };

    private static Ending? Find(string name) => Enum.GetValues<Ending>().Cast<Ending?>().FirstOrDefault(
        ending => $"{ending}".Replace("Sig", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase));

    public static Command Create() => Verb.Create(
        "crash",
        "Kills processes that run a batch, at the worst moments, and lets it finish: nothing is lost or bought twice.",
        [Kills, Seed, Prompts, With],
        async arguments =>
        {
            CrashReport report = await CrashRun.RunAsync(new CrashOptions
            {
                Kills = arguments.GetValue(Kills),
                Seed = arguments.GetValue(Seed),
                Prompts = arguments.GetValue(Prompts),
                With = [.. arguments.GetValue(With)!.Split(',').Select(name => Find(name)!.Value)],
                Progress = Report.Progress,
            });
            Report.Table(
            [
                .. report.Kills.Select(kill => ($"kills at {kill.Key}", (object)kill.Value)),
                .. report.Endings.Select(ending => ($"ended by {ending.Key}", (object)ending.Value)),
                ("batches", report.Batches),
                ("whole images", report.Images),
                ("unknown submissions, all reported", report.Unknown),
                ("of them bought", report.UnknownButBought),
                ("part files left, all removed", report.PartFilesLeft),
            ]);
            return "Nothing was bought twice unless asked for, no id was lost, every journal is intact.";
        });
}
