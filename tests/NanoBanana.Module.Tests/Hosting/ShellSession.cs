using System.Collections.ObjectModel;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Hosting;

/// <summary>A runspace of the real engine, like a user's session.</summary>
internal sealed partial class ShellSession : IDisposable
{
    private readonly Runspace _runspace;

    static ShellSession()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        // The tests must not use a developer's key and journal.
        Environment.SetEnvironmentVariable(KeyVariable.Name, null);
        Environment.SetEnvironmentVariable("NANOBANANA_JOURNAL", null);
        // The tests must not use the file with the tasks of emulators either (on Linux).
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", DataHome);
        // The first session of a process fills static tables of the engine's commands. Sessions that open at the same time miss some.
        using Runspace first = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        first.Open();
    }

    /// <summary>The folder of the default journal (on Linux).</summary>
    public static string DataHome { get; } = Path.Combine(Path.GetTempPath(), $"nanobanana-data-{Guid.NewGuid():N}");

    /// <summary>Opens a session with a folder as its location.</summary>
    public ShellSession(string location)
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        _runspace = RunspaceFactory.CreateRunspace(Host, state);
        _runspace.Open();
        _runspace.SessionStateProxy.Path.SetLocation(location);
    }

    public RecordingHost Host { get; } = new();

    /// <summary>A variable of the session.</summary>
    public object this[string variable]
    {
        set => _runspace.SessionStateProxy.SetVariable(variable, value);
    }

    /// <summary>Imports the staged module.</summary>
    public ShellSession Import()
    {
        this["module"] = StagedModule.Folder;
        Assert.Empty(Run("Import-Module $module -ErrorAction Stop").Errors);
        return this;
    }

    /// <summary>Runs a script to its end.</summary>
    public ShellResult Run(string script) => Begin(script).End();

    /// <summary>Runs a script in the session's scope.</summary>
    /// <returns>The text that a user sees: output and host lines, then errors.</returns>
    public IReadOnlyList<string> Show(string script)
    {
        int before = Host.Lines.Count;
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script, useLocalScope: false).AddCommand("Out-Default");
        var errors = new List<ErrorRecord>();
        try
        {
            shell.Invoke();
        }
        catch (RuntimeException e)
        {
            errors.Add(e.ErrorRecord);
        }
        IEnumerable<string> lines = Host.Lines.Skip(before)
            .Concat(errors.Concat(shell.Streams.Error).Select(e => $"{e.InvocationInfo?.MyCommand}: {e}"));
        return [.. lines.SelectMany(line => Escape().Replace(line, "").Split('\n'))];
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Escape();

    /// <summary>The completions that Tab offers at the end of a line.</summary>
    public Collection<CompletionResult> Complete(string line)
    {
        using var shell = PowerShell.Create(_runspace);
        return CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches;
    }

    /// <summary>Starts a script in the background.</summary>
    public ShellRun Begin(string script) => new(_runspace, Host, script);

    public void Dispose() => _runspace.Dispose();
}
