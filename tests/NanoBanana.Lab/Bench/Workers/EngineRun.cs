using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>A script that runs in the background, with prompts in $prompts and a folder in $folder.</summary>
internal sealed class EngineRun
{
    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly IAsyncResult _running;
    private readonly Meter _meter;

    public EngineRun(Runspace runspace, WorkerRequest request)
    {
        _shell = PowerShell.Create(runspace);
        _shell.AddScript(request.Script);
        _meter = new Meter();
        _running = _shell.BeginInvoke<PSObject, PSObject>(null, _output);
    }

    /// <summary>Creates the prompts. They are input of the user, so their creation is not measured.</summary>
    public static void Prepare(Runspace runspace, WorkerRequest request)
    {
        string[] prompts = [.. Enumerable.Range(0, request.Count).Select(i => $"{request.Prompt} {i}")];
        runspace.SessionStateProxy.SetVariable("prompts", prompts);
        runspace.SessionStateProxy.SetVariable("folder", request.Folder);
    }

    public Sample End()
    {
        List<string> problems = [];
        try
        {
            _shell.EndInvoke(_running);
        }
        catch (RuntimeException e)
        {
            problems.Add($"{e.ErrorRecord}");
        }
        Sample sample = _meter.Read();
        problems.AddRange(_shell.Streams.Error.Select(error => $"{error.FullyQualifiedErrorId}: {error}"));
        problems.AddRange(_shell.Streams.Warning.Select(warning => warning.Message));
        sample = sample with
        {
            Items = _output.Count,
            Lines = [.. _output.Where(item => item.BaseObject is string).Select(item => (string)item.BaseObject)],
            Problems = problems,
        };
        _shell.Dispose();
        return sample;
    }
}
