using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using NanoBanana.Lab.Bench.Workers;
using NanoBanana.Lab.Chaos;
using NanoBanana.Lab.Crash;
using NanoBanana.Lab.Machines;
using NanoBanana.Lab.Postgres;

namespace NanoBanana.Lab;

/// <summary>The hidden verb that other verbs use to start this program again, for work in a separate process.</summary>
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

    private static readonly Lazy<string> EngineDependencies = new(WriteEngineDependencies);

    /// <summary>
    /// Returns how to start a worker whose engine loads the staged module. The Lab references the same assemblies, and the runtime would
    /// load the Lab's copies of them. Therefore the worker starts with a list of dependencies without them.
    /// </summary>
    public static ProcessStartInfo StartInfoOfEngine(string kind)
    {
        ProcessStartInfo start = StartInfo(kind);
        foreach (string argument in new[] { EngineDependencies.Value, "--depsfile", "exec" })
            start.ArgumentList.Insert(0, argument);
        return start;
    }

    /// <summary>Returns how to start a worker. Its standard output and error are redirected.</summary>
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

    /// <summary>The Lab's dependencies without the assemblies of the module. See https://aka.ms/dotnet/deps.json.</summary>
    private static string WriteEngineDependencies()
    {
        string file = Path.ChangeExtension(typeof(WorkerCommand).Assembly.Location, ".deps.json");
        JsonObject all = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        IEnumerable<JsonObject> targets = all["targets"]!.AsObject().Select(target => target.Value!.AsObject());
        foreach (JsonObject list in targets.Append(all["libraries"]!.AsObject()))
        {
            foreach (string library in list.Select(library => library.Key).Where(IsOfModule).ToArray())
                list.Remove(library);
        }
        string own = Path.ChangeExtension(typeof(WorkerCommand).Assembly.Location, ".engine.deps.json");
        File.WriteAllText(own, all.ToJsonString());
        return own;
    }

    private static bool IsOfModule(string library) =>
        library.Split('/')[0] is "NanoBanana.Client" or "NanoBanana.Models" or "NanoBanana.Emulator";

    private static async Task<int> RunAsync(string kind, string[] values)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        switch (kind)
        {
            case EmulatorWorker.Kind:
                await EmulatorWorker.RunAsync(values[0]);
                break;
            case KestrelWorker.Kind:
                await KestrelWorker.RunAsync(values[0]);
                break;
            case BareClientWorker.Kind:
                await BareClientWorker.RunAsync();
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
            case MachinesCommand.Kind:
                return await MachinesCommand.RunAsync(values);
            case MachineWorker.Kind:
                MachineWorker.Run(values);
                break;
            case PostgresWorker.Kind:
                PostgresWorker.Run();
                break;
            default:
                throw new LabException($"'{kind}' is not a kind of worker.");
        }
        return 0;
    }
}
