using System.Globalization;
using NanoBanana.Fuzz;

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

int seed = Option("--seed", 7);
if (Option("--show", -1) is >= 0 and var number)
{
    // As it is, for a file; a terminal may take it amiss.
    using Stream output = Console.OpenStandardOutput();
    output.Write(BodyMutator.Make(seed, number));
    return 0;
}
FuzzReport report = new FuzzRun(seed, KnownAnswers.Dialects).Read(Option("--bodies", 1_000_000));
foreach ((int broken, string what) in report.Broken)
    Console.Error.WriteLine($"{broken} (see it with --seed {seed} --show {broken}): {(what.Length > 1000 ? what[..1000] : what)}");
Console.WriteLine(report);
return report.Broken.Count == 0 ? 0 : 1;
