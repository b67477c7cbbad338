using System.Management.Automation.Runspaces;

namespace NanoBanana.Benchmarks.Workers;

/// <summary>A hosted engine that runs scripts and measures itself. What it loads of the module is the staged one.</summary>
internal static class EngineWorker
{
    public static int Run()
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
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
                case "collect":
                    Orders.Answer(meter.Read(collect: true));
                    break;
                default:
                    Orders.Answer(meter.Read());
                    break;
            }
        }
        return 0;
    }
}
