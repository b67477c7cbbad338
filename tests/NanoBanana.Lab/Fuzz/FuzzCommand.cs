using System.CommandLine;
using System.Globalization;

namespace NanoBanana.Lab.Fuzz;

/// <summary>The verb <c>fuzz</c>. See docs/decisions/0011-hostile-answers.md.</summary>
internal static class FuzzCommand
{
    private const int MaximumTextLength = 1000;

    private static readonly Option<int> Bodies = Verb.Number("--bodies", 1_000_000, minimum: 1, "Bodies to read.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, minimum: 0, "Repeats the same bodies.");
    private static readonly Option<int> Show = Verb.Number(
        "--show", null, minimum: 0, "Only writes the body with this number to standard output, without changes.");

    public static Command Create() => Verb.Create(
        "fuzz",
        "Reads damaged and hostile answers of the provider. Checks that no reader fails or is slow.",
        [Bodies, Seed, Show],
        arguments => Task.FromResult(Run(arguments)));

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
            ("largest memory, as a multiple of its size and 64 KB", Math.Round(report.LargestMemory.Ratio, 1)),
            ("its number", report.LargestMemory.Number),
            ("bodies that break a promise", report.Broken.Count));
        if (report.Broken.Count == 0)
            return "Every body was read, or refused with an exception of the client.";
        Report.Table(
            ["number", "broken promise"],
            report.Broken.Select(b => new[] { b.Number.ToString(CultureInfo.InvariantCulture), OneLine(b.What) }));
        throw new LabException($"{report.Broken.Count} bodies break a promise. To see one: --seed {seed} --show {report.Broken[0].Number}");
    }

    private static string OneLine(string text) => text[..Math.Min(text.Length, MaximumTextLength)].ReplaceLineEndings(" ");
}
