using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>A hosted engine that runs scripts and measures itself. It loads the staged module.</summary>
internal static class EngineWorker
{
    public const string Kind = "bench-engine";

    public static void Run()
    {
        using Runspace runspace = Engine.Open();
        EngineRun? running = null;
        var meter = new Meter();
        foreach (WorkerRequest request in WorkerRequests.Read())
        {
            switch (request.Action)
            {
                case "prepare":
                    EngineRun.Prepare(runspace, request);
                    WorkerRequests.Answer(meter.Read());
                    break;
                case "run":
                    EngineRun.Prepare(runspace, request);
                    WorkerRequests.Answer(new EngineRun(runspace, request).End());
                    break;
                case "begin":
                    running = new EngineRun(runspace, request);
                    WorkerRequests.Answer(meter.Read());
                    break;
                case "end":
                    WorkerRequests.Answer(running!.End());
                    break;
                case "trace":
                    SqliteTrace.Install();
                    WorkerRequests.Answer(meter.Read());
                    break;
                case "traced":
                    WorkerRequests.Answer(SqliteTrace.Take());
                    break;
                case "collect":
                    WorkerRequests.Answer(meter.Read(collect: true));
                    break;
                default:
                    WorkerRequests.Answer(meter.Read());
                    break;
            }
        }
    }
}
