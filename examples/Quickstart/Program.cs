using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Quickstart;

// Runs ../quickstart.ps1 in a hosted engine: dotnet run --project examples/Quickstart [-- PROMPTS.txt [FOLDER]]
if (args.Length > 2 || args.Any(a => a.StartsWith('-')))
{
    Console.Error.WriteLine("Usage: dotnet run --project examples/Quickstart [-- PROMPTS.txt [FOLDER]]");
    return 2;
}
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
string examples = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ExamplesFolder").Value!;

// pwsh does this by itself; an engine alone writes its colours into any file.
if (Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
    PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
var state = InitialSessionState.CreateDefault2();
if (OperatingSystem.IsWindows())
    state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
var host = new QuickstartHost();
using Runspace runspace = RunspaceFactory.CreateRunspace(host, state);
runspace.Open();
using PowerShell shell = PowerShell.Create(runspace);
shell.AddCommand(Path.GetFullPath(Path.Combine(examples, "quickstart.ps1")));
if (args.Length > 0)
    shell.AddParameter("PromptFile", Path.GetFullPath(args[0]));
if (args.Length > 1)
    shell.AddParameter("Destination", Path.GetFullPath(args[1]));
shell.AddCommand("Out-Default").Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);

Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    shell.BeginStop(null, null);
};
try
{
    shell.Invoke();
    return shell.HadErrors ? 1 : 0;
}
catch (PipelineStoppedException)
{
    return 130;
}
catch (RuntimeException e)
{
    host.UI.WriteErrorLine(e.ErrorRecord.ToString());
    return 1;
}
