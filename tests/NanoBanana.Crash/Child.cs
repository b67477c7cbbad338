using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Crash;

/// <summary>The process that is killed: the staged module in the engine, and the pipeline that a script would run.</summary>
internal static class Child
{
    private const string Script = """
        param($prompts, $batch, $out, $resubmit)
        [System.IO.File]::ReadLines($prompts) |
            New-NanoBananaImage -Batch $batch -Resolution 0.5K -ThrottleLimit 4 -ResubmitUnknown:$resubmit |
            Save-NanoBananaImage -Destination $out
        """;

    /// <param name="args">Module, endpoint, key, file of prompts, batch, folder for the pictures, and whether to buy again what is unknown.</param>
    public static int Run(string[] args)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        Invoke(runspace, "param($module, $endpoint, $key) Import-Module $module -ErrorAction Stop; Connect-NanoBanana -Endpoint $endpoint -ApiKey $key", args[0], args[1], args[2]);
        Console.WriteLine("ready");
        Invoke(runspace, Script, args[3], args[4], args[5], bool.Parse(args[6]));
        Console.WriteLine("end");
        return 0;
    }

    private static void Invoke(Runspace runspace, string script, params object[] arguments)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        foreach (object argument in arguments)
            shell.AddArgument(argument);
        foreach (PSObject item in shell.Invoke())
            Console.WriteLine($"saved {item}");
        foreach (WarningRecord warning in shell.Streams.Warning)
            Console.WriteLine($"warning {warning}");
        foreach (ErrorRecord error in shell.Streams.Error)
            Console.WriteLine($"error {error.FullyQualifiedErrorId} {error}");
    }
}
