using System.CommandLine;
using System.Diagnostics;
using NanoBanana.Lab.Bench.Workers;
using NanoBanana.Lab.Chaos;
using NanoBanana.Lab.Crash;
using NanoBanana.Lab.Postgres;

namespace NanoBanana.Lab;

/// <summary>The verb by which the others start this program again, for work in a process of its own.</summary>
internal static class WorkerCommand
{
    private const string Name = "worker";

    public static Command Create()
    {
        var kind = new Argument<string>("kind");
        var values = new Argument<string[]>("values");
        var command = new Command(Name) { kind, values };
        command.Hidden = true;
        command.SetAction((arguments, _) => RunAsync(arguments.GetRequiredValue(kind), arguments.GetRequiredValue(values)));
        return command;
    }

    /// <summary>How to start a worker. Its standard output and error are redirected.</summary>
    public static ProcessStartInfo StartInfo(string kind, params IEnumerable<string> values)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { typeof(WorkerCommand).Assembly.Location, Name, kind },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string value in values)
            start.ArgumentList.Add(value);
        return start;
    }

    private static async Task<int> RunAsync(string kind, string[] values)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        switch (kind)
        {
            case EmulatorWorker.Kind:
                await EmulatorWorker.RunAsync();
                break;
            case LimitWorker.Kind:
                await LimitWorker.RunAsync();
                break;
            case EngineWorker.Kind:
                EngineWorker.Run();
                break;
            case PipelineWorker.Kind:
                PipelineWorker.Run(values);
                break;
            case BatchWorker.Kind:
                BatchWorker.Run(values);
                break;
            case PostgresWorker.Kind:
                PostgresWorker.Run();
                break;
            default:
                throw new LabException($"There is no worker '{kind}'.");
        }
        return 0;
    }
}
