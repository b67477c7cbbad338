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
        foreach (Order order in Orders.Read())
        {
            switch (order.Do)
            {
                case "prepare":
                    EngineRun.Prepare(runspace, order);
                    Orders.Answer(meter.Read());
                    break;
                case "run":
                    EngineRun.Prepare(runspace, order);
                    Orders.Answer(new EngineRun(runspace, order).End());
                    break;
                case "begin":
                    running = new EngineRun(runspace, order);
                    Orders.Answer(meter.Read());
                    break;
                case "end":
                    Orders.Answer(running!.End());
                    break;
                case "trace":
                    SqliteTrace.Install();
                    Orders.Answer(meter.Read());
                    break;
                case "traced":
                    Orders.Answer(SqliteTrace.Take());
                    break;
                case "collect":
                    Orders.Answer(meter.Read(collect: true));
                    break;
                default:
                    Orders.Answer(meter.Read());
                    break;
            }
        }
    }
}
