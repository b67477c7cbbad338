using System.Globalization;
using NanoBanana.Chaos;

if (args is ["pipeline", ..])
    return Pipeline.Run(args[1..]);

string Option(string name, string otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;

try
{
    await ChaosRun.RunAsync(new ChaosOptions
    {
        Tasks = int.Parse(Option("--tasks", "5000"), CultureInfo.InvariantCulture),
        Rate = double.Parse(Option("--rate", "0.1"), CultureInfo.InvariantCulture),
        Seed = int.Parse(Option("--seed", "7"), CultureInfo.InvariantCulture),
        Protocol = Option("--protocol", "Generation"),
        Stalls = args.Contains("--stalls"),
        Say = Console.WriteLine,
    });
    Console.WriteLine("Every prompt came to one end, nothing was bought twice, every file is whole, and the seed repeats the run.");
    return 0;
}
catch (ChaosException e)
{
    Console.Error.WriteLine($"A promise is broken: {e.Message}");
    return 1;
}
