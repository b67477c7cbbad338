using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Text;

namespace NanoBanana.Module.Tests.Views;

/// <summary>A session with the staged module on a screen that remembers what was written on it.</summary>
public sealed class ViewShell : IDisposable
{
    private readonly ScreenHost _host;
    private readonly string _listViews = ListViews.MakeFile(StagedModule());
    private readonly Runspace _runspace;

    public ViewShell(int width = 100, bool inColour = false)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        _host = new ScreenHost(width, inColour);
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        state.Formats.Add(new SessionStateFormatEntry(_listViews));
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
        // Any command brings the views.
        Run($"Import-Module '{StagedModule()}'; Get-NanoBananaConnection; $ProgressPreference = 'SilentlyContinue'; $PSStyle.OutputRendering = 'Host'");
    }

    /// <summary>What a script emits.</summary>
    public Collection<PSObject> Run(string script)
    {
        using PowerShell shell = Make(script);
        return shell.Invoke();
    }

    /// <summary>What a script shows, without PowerShell's own colours of headers and blank lines around it.</summary>
    public string Show(string script)
    {
        _host.Screen.Written.Clear();
        using PowerShell shell = Make(script);
        shell.AddCommand("Out-Default");
        shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        IEnumerable<string> lines = _host.Screen.Written.ToString().Replace("\r", "").Split('\n').Select(line => line.TrimEnd());
        return string.Join('\n', lines).Trim('\n').Replace("\u001b[32;1m", "").Replace("\u001b[32;1;3m", "");
    }

    /// <summary>What Format-List shows of the one object that a script emits.</summary>
    public string ShowList(string script) => Show(ListViews.AsList(script)).Replace("\u001b[0m", "");

    /// <summary>What Tab offers at the end of a line.</summary>
    public Collection<CompletionResult> Complete(string line)
    {
        using var shell = PowerShell.Create(_runspace);
        return CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches;
    }

    public void Dispose()
    {
        Run("Stop-NanoBananaEmulator");
        _runspace.Dispose();
        File.Delete(_listViews);
    }

    private PowerShell Make(string script)
    {
        var shell = PowerShell.Create(_runspace);
        // In the session's own scope, so that a test can go on with what it has made.
        shell.AddScript(script, useLocalScope: false);
        return shell;
    }

    private static string StagedModule()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NanoBanana.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "out", "NanoBanana");
    }

    private sealed class ScreenHost(int width, bool inColour) : PSHost
    {
        public ScreenUI Screen { get; } = new(width, inColour);

        public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

        public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

        public override Guid InstanceId { get; } = Guid.NewGuid();

        public override string Name => "ViewShell";

        public override PSHostUserInterface UI => Screen;

        public override Version Version { get; } = new(1, 0);

        public override void EnterNestedPrompt() => throw new NotSupportedException();
        public override void ExitNestedPrompt() => throw new NotSupportedException();

        public override void NotifyBeginApplication()
        {
        }

        public override void NotifyEndApplication()
        {
        }

        public override void SetShouldExit(int exitCode)
        {
        }
    }

    private sealed class ScreenUI(int width, bool inColour) : PSHostUserInterface
    {
        public StringBuilder Written { get; } = new();

        public override bool SupportsVirtualTerminal => inColour;

        public override PSHostRawUserInterface RawUI { get; } = new RecordingRawUI { BufferSize = new Size(width, 9999), WindowSize = new Size(width, 50) };

        public override void Write(string value) => Written.Append(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

        public override void WriteLine(string value) => Write(value + "\n");

        public override void WriteErrorLine(string value) => WriteLine(value);

        public override void WriteDebugLine(string message) => WriteLine(message);

        public override void WriteVerboseLine(string message) => WriteLine(message);

        public override void WriteWarningLine(string message) => WriteLine(message);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override string ReadLine() => throw new NotSupportedException();

        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw new NotSupportedException();

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw new NotSupportedException();

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw new NotSupportedException();

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw new NotSupportedException();
    }
}
