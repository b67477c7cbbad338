using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace NanoBanana.Help.Tests.Engine;

/// <summary>
/// A hosted engine with the staged module, in a folder of its own that has the files which the examples speak of.
/// </summary>
internal sealed class HelpEngine : IDisposable
{
    private const string KeyVariable = "NANOBANANA_API_KEY";
    private const string JournalVariable = "NANOBANANA_JOURNAL";

    private readonly Runspace _runspace;
    private readonly string _folder = Directory.CreateTempSubdirectory("nanobanana-help-").FullName;

    static HelpEngine()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        // Found by name, as an installed module is, also by the runspaces of ForEach-Object -Parallel.
        Environment.SetEnvironmentVariable("PSModulePath", Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Places.StagedModule)));
        // An example that talked to anything but this machine would fail, and not reach it.
        Environment.SetEnvironmentVariable("https_proxy", "http://127.0.0.1:9");
    }

    public HelpEngine()
    {
        Environment.SetEnvironmentVariable(KeyVariable, null);
        Environment.SetEnvironmentVariable(JournalVariable, Path.Combine(_folder, "journal.db"));
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        ExampleFiles.WriteTo(_folder);
        _runspace.SessionStateProxy.Path.SetLocation(_folder);
        Run("Import-Module NanoBanana");
        Run(ReadStandIns());
    }

    /// <summary>Runs a script as a user would paste it; an error or a warning fails the test.</summary>
    public Collection<PSObject> Run(string script)
    {
        using PowerShell shell = PowerShell.Create(_runspace).AddScript(script, useLocalScope: false);
        Collection<PSObject> output = shell.Invoke();
        // Not HadErrors: that is also true for errors that the script itself keeps silent, or catches.
        IEnumerable<string> complaints = shell.Streams.Error.Select(e => $"{e.FullyQualifiedErrorId}: {e}").Concat(shell.Streams.Warning.Select(w => w.Message));
        Assert.True(!complaints.Any(), $"{script}\n{string.Join("\n", complaints)}");
        return output;
    }

    /// <summary>Gives scripts a variable.</summary>
    public void Set(string name, object value) => _runspace.SessionStateProxy.SetVariable(name, value);

    public void Dispose()
    {
        Run("Stop-NanoBananaEmulator; Remove-Module NanoBanana");
        _runspace.Dispose();
        Environment.SetEnvironmentVariable(KeyVariable, null);
        Environment.SetEnvironmentVariable(JournalVariable, null);
        Directory.Delete(_folder, recursive: true);
    }

    private static string ReadStandIns()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("StandIns.ps1")!);
        return reader.ReadToEnd();
    }
}
