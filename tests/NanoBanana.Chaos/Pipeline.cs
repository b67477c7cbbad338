using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Chaos;

/// <summary>The process that works: the staged module in the engine, and the pipeline that a script would run.</summary>
internal static class Pipeline
{
    private const string Connect = """
        param($module, $endpoint, $key, $protocol)
        Import-Module $module -ErrorAction Stop
        Connect-NanoBanana -Endpoint $endpoint -ApiKey $key -Protocol $protocol
        """;

    private const string Work = """
        param($prompts, $out, $batch)
        $journal = if ($batch) { @{ Batch = $batch } } else { @{} }
        $prompts | New-NanoBananaImage -Resolution 0.5K @journal | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $out
        """;

    private static readonly object Line = new();

    /// <param name="args">Module, endpoint, key, protocol, folder for the pictures, number of prompts, and the batch or an empty word.</param>
    public static int Run(string[] args)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        Invoke(runspace, Connect, args[0], args[1], args[2], args[3]);
        IReadOnlyList<string> prompts = Round.Prompts(int.Parse(args[5], System.Globalization.CultureInfo.InvariantCulture));
        // A tenth goes ahead, so that what is measured is what the others leave behind.
        int ahead = prompts.Count / 10;
        Invoke(runspace, Work, prompts.Take(ahead), args[4], args[6]);
        Say($"memory {MemoryAtRest()}");
        Invoke(runspace, Work, prompts.Skip(ahead), args[4], args[6]);
        Say($"memory {MemoryAtRest()}");
        Say("end");
        return 0;
    }

    private static void Invoke(Runspace runspace, string script, params object[] arguments)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        foreach (object argument in arguments)
            shell.AddArgument(argument);
        // What is told is not kept: the memory that is left is the module's.
        var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, _) => Tell(output.ReadAll().Select(Saved));
        shell.Streams.Error.DataAdded += (_, _) => Tell(shell.Streams.Error.ReadAll().Select(Failed));
        shell.Invoke(null, output);
    }

    /// <summary>What is left when the last leases of tasks are written to the journal, which nobody waits for.</summary>
    private static long MemoryAtRest()
    {
        long least = GC.GetTotalMemory(forceFullCollection: true);
        for (int quiet = 0; quiet < 4; quiet++)
        {
            Thread.Sleep(250);
            long now = GC.GetTotalMemory(forceFullCollection: true);
            if (now < least - 10_000)
                (least, quiet) = (now, 0);
        }
        return least;
    }

    private static string Saved(PSObject file) => $"saved {file.Properties["Task"].Value.As("Prompt")}\t{file.As("FullName")}";

    private static string Failed(ErrorRecord error)
    {
        object? target = error.TargetObject is PSObject wrapped ? wrapped.BaseObject : error.TargetObject;
        string prompt = target as string ?? target.As("Prompt");
        return $"error {error.FullyQualifiedErrorId.Split(',')[0]}\t{prompt}\t{error.Exception.Message.ReplaceLineEndings(" ")}";
    }

    private static string As(this object? item, string property) => $"{(item is null ? null : PSObject.AsPSObject(item).Properties[property]?.Value)}";

    private static void Tell(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Say(line);
    }

    private static void Say(string line)
    {
        lock (Line)
            Console.WriteLine(line);
    }
}
