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

var root = new RootCommand("Measurements and harnesses that take longer than a test. Exit code 0: passed; 1: failed, or wrong arguments.")
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
    Console.Error.WriteLine("Wrong arguments. Add --help to see what is allowed.");
}
return await arguments.InvokeAsync();
