using System.Globalization;
using NanoBanana.Crash;

if (args is ["child", ..])
    return Child.Run(args[1..]);

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

try
{
    CrashReport report = await CrashRun.RunAsync(new CrashOptions
    {
        Kills = Option("--kills", 100),
        Seed = Option("--seed", 7),
        Prompts = Option("--prompts", 50),
        Say = Console.WriteLine,
    });
    Console.WriteLine(report);
    return 0;
}
catch (CrashException e)
{
    Console.Error.WriteLine($"A promise is broken: {e.Message}");
    return 1;
}
