using System.CommandLine;

namespace NanoBanana.Lab.Chaos;

/// <summary>The verb <c>chaos</c>. See docs/decisions/0010-faults-by-rate.md.</summary>
internal static class ChaosCommand
{
    private static readonly Option<int> Tasks = Verb.Number("--tasks", 5000, minimum: 10, "Prompts of each round.");
    private static readonly Option<double> Rate = Verb.Share("--rate", 0.1, "Share of requests that fail.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, minimum: 0, "Repeats the same faults.");
    private static readonly Option<string> Protocol = new Option<string>("--protocol")
    {
        Description = "The dialect.",
        DefaultValueFactory = _ => "Generation",
    }.AcceptOnlyFromAmong("Generation", "Queue");
    private static readonly Option<bool> Stalls = new("--stalls")
    {
        Description = "Some requests stall until the client times out. This is slow.",
    };

    public static Command Create() => Verb.Create(
        "chaos",
        "Runs prompts through a service that fails often, without and with a journal. Checks that nothing is lost or bought twice.",
        [Tasks, Rate, Seed, Protocol, Stalls],
        async arguments =>
        {
            IReadOnlyList<ChaosReport> rounds = await ChaosRun.RunAsync(new ChaosOptions
            {
                Tasks = arguments.GetValue(Tasks),
                Rate = arguments.GetValue(Rate),
                Seed = arguments.GetValue(Seed),
                Protocol = arguments.GetRequiredValue(Protocol),
                Stalls = arguments.GetValue(Stalls),
                Progress = Report.Progress,
            });
            Report.Table(ChaosReport.Head, rounds.Select(round => round.Cells));
            return "Every prompt has one outcome, nothing was bought twice, every file is complete, "
                + "and the same seed repeats the outcomes.";
        });
}
