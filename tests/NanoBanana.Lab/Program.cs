using System.CommandLine;
using System.CommandLine.Invocation;
using NanoBanana.Lab;
using NanoBanana.Lab.Bench;
using NanoBanana.Lab.Chaos;
using NanoBanana.Lab.Crash;
using NanoBanana.Lab.Fuzz;
using NanoBanana.Lab.History;
using NanoBanana.Lab.Images;
using NanoBanana.Lab.LongRun;
using NanoBanana.Lab.Machines;
using NanoBanana.Lab.Polls;

const string Description = "Measurements and checks that take longer than a test. "
    + "The exit code is 0 for passed, and 1 for failed or invalid arguments.";
var root = new RootCommand(Description)
{
    BenchCommand.Create(),
    ChaosCommand.Create(),
    CrashCommand.Create(),
    FuzzCommand.Create(),
    HistoryCommand.Create(),
    LongRunCommand.Create(),
    MachinesCommand.Create(),
    PollsCommand.Create(),
    CheckImagesCommand.Create(),
    WorkerCommand.Create(),
};
ParseResult arguments = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (arguments.Action is ParseErrorAction error && args.Length > 0)
{
    error.ShowHelp = false;
    Console.Error.WriteLine("The arguments are invalid. Use --help to list the options.");
}
return await arguments.InvokeAsync();
