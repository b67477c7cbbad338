using System.CommandLine;
using System.Globalization;

namespace NanoBanana.Lab.Fuzz;

/// <summary><c>fuzz</c>: docs/decisions/0011-hostile-answers.md.</summary>
internal static class FuzzCommand
{
    private const int MostText = 1000;

    private static readonly Option<int> Bodies = Verb.Number("--bodies", 1_000_000, least: 1, "Bodies to read.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, least: 0, "Repeats the same bodies.");
    private static readonly Option<int> Show = Verb.Number("--show", null, least: 0, "Writes the body with this number to standard output, as it is, and reads nothing.");

    public static Command Create() => Verb.Create(
        "fuzz", "Reads damaged and hostile answers of the provider: no reader fails or is slow.", [Bodies, Seed, Show], arguments => Task.FromResult(Run(arguments)));

    private static string Run(ParseResult arguments)
    {
        int seed = arguments.GetValue(Seed);
        if (arguments.GetResult(Show) is not null)
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(BodyMutator.Make(seed, arguments.GetValue(Show)));
            return "";
        }
        FuzzReport report = new FuzzRun(seed, KnownAnswers.Dialects).Read(arguments.GetValue(Bodies));
        Report.Table(
            ("bodies", report.Bodies),
            ("slowest, ms", Math.Round(report.Slowest.Time.TotalMilliseconds)),
            ("its number", report.Slowest.Number),
            ("most memory, times its size and 64 KB", Math.Round(report.Hungriest.Ratio, 1)),
            ("its number", report.Hungriest.Number),
            ("bodies that break a promise", report.Broken.Count));
        if (report.Broken.Count == 0)
            return "Every body was read, or refused with the client's own exception.";
        Report.Table(["number", "broken promise"], report.Broken.Select(b => new[] { b.Number.ToString(CultureInfo.InvariantCulture), OneLine(b.What) }));
        throw new LabException($"{report.Broken.Count} bodies break a promise. To see one: --seed {seed} --show {report.Broken[0].Number}");
    }

    private static string OneLine(string text) => (text.Length > MostText ? text[..MostText] : text).ReplaceLineEndings(" ");
}
