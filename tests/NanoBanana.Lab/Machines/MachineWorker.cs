using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Reflection;
using NanoBanana.Lab.Crash;

namespace NanoBanana.Lab.Machines;

/// <summary>The process of a machine. It runs the script of <see cref="BatchWorker"/> with shorter leases.</summary>
internal static class MachineWorker
{
    public const string Kind = "machine";

    private const string Connect = """
        param($module, $endpoint, $key)
        Import-Module $module -ErrorAction Stop
        Connect-NanoBanana -Endpoint $endpoint -ApiKey $key
        """;

    private const string Script = """
        param($prompts, $batch, $out, $resubmit)
        [System.IO.File]::ReadLines($prompts) |
            New-NanoBananaImage -Batch $batch -Resolution 0.5K -ThrottleLimit 2 -ResubmitUnknown:$resubmit |
            Save-NanoBananaImage -Destination $out
        """;

    /// <param name="values">
    /// Endpoint, key, file of prompts, batch, folder, whether to submit unknown requests again, and the seconds of a lease.
    /// </param>
    public static void Run(string[] values)
    {
        int seconds = int.Parse(values[6], CultureInfo.InvariantCulture);
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
            Shorten(assembly, seconds);
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Shorten(loaded.LoadedAssembly, seconds);
        using Runspace runspace = Engine.Open();
        Engine.Run(runspace, Connect, LabFiles.StagedModule, values[0], values[1]);
        Console.WriteLine("ready");
        if (Engine.Run(runspace, Script, [values[2], values[3], values[4], bool.Parse(values[5])], CancellationToken.None))
            Console.WriteLine("end");
    }

    /// <summary>Sets the length of leases in the client of the module.</summary>
    private static void Shorten(Assembly assembly, int seconds)
    {
        if (assembly.GetName().Name == "NanoBanana.Client")
            assembly.GetType("NanoBanana.Client.Journal.Leases")?.GetProperty("Length")?.SetValue(null, TimeSpan.FromSeconds(seconds));
    }
}
