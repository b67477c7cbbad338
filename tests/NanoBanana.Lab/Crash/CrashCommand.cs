using System.CommandLine;

namespace NanoBanana.Lab.Crash;

/// <summary>The verb <c>crash</c>. See docs/decisions/0006-journal.md.</summary>
internal static class CrashCommand
{
    private static readonly Option<int> Kills = Verb.Number("--kills", 100, minimum: 1, "Processes to kill.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, minimum: 0, "Repeats the same choice of moments.");
    private static readonly Option<int> Prompts = Verb.Number("--prompts", 50, minimum: 5, "Prompts of each batch.");

    private static readonly Option<string> With = new("--with")
    {
        HelpName = "kill,term,…",
        Description = "What happens to the processes: a list of kill, term, hup, int, remove, pause.",
        DefaultValueFactory = _ => "kill",
        CustomParser = argument =>
        {
            string[] names = argument.Tokens[0].Value.Split(',');
            if (names.FirstOrDefault(name => Find(name) is null) is { } wrong)
                argument.AddError($"--with can't be '{wrong}'. Use kill, term, hup, int, remove or pause, separated by commas.");
            return argument.Tokens[0].Value;
        },
    };

    private static Ending? Find(string name) => Enum.GetValues<Ending>().Cast<Ending?>().FirstOrDefault(
        ending => $"{ending}".Replace("Sig", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase));

    public static Command Create() => Verb.Create(
        "crash",
        "Kills processes of a batch at critical moments and finishes the batch. Checks that nothing is lost or bought twice.",
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
                ("complete images", report.Images),
                ("unknown submissions, all reported", report.Unknown),
                ("of these, bought", report.UnknownButBought),
                ("part files left, all removed", report.PartFilesLeft),
            ]);
            return "Nothing was bought twice without -ResubmitUnknown, no id was lost, and every journal is intact.";
        });
}
