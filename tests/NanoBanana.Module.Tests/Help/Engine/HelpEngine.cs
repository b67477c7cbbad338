using System.Management.Automation.Host;

namespace NanoBanana.Module.Tests.Help.Engine;

/// <summary>
/// A session with the staged module in its own folder, which contains the files that the examples use.
/// </summary>
internal sealed class HelpEngine : IDisposable
{
    private const string JournalVariable = "NANOBANANA_JOURNAL";

    /// <summary>Replaces console input and a vault of Microsoft.PowerShell.SecretManagement.</summary>
    private const string Answers = """
        function Read-Host([string] $Prompt, [switch] $AsSecureString) { ConvertTo-SecureString 'a-key-that-someone-typed' -AsPlainText }
        function Get-Secret([string] $Name, [string] $Vault) { 'a-key-out-of-a-vault' }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ShellSession _session;

    static HelpEngine()
    {
        // Like an installed module, it is found by name, also in the runspaces of ForEach-Object -Parallel.
        Environment.SetEnvironmentVariable("PSModulePath", Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Paths.StagedModule)));
        // A request to any other machine fails and does not reach it.
        Environment.SetEnvironmentVariable("https_proxy", "http://127.0.0.1:9");
    }

    public HelpEngine()
    {
        _session = new ShellSession(_folder.Path);
        Environment.SetEnvironmentVariable(KeyVariable.Name, null);
        Environment.SetEnvironmentVariable(JournalVariable, _folder["journal.db"]);
        ExampleFiles.WriteTo(_folder.Path);
        Run("Import-Module NanoBanana");
        Run(Answers);
    }

    /// <summary>Runs a script as a user would paste it; an error or a warning fails the test.</summary>
    public IReadOnlyList<PSObject> Run(string script)
    {
        ShellResult result = _session.Run(script);
        string[] problems =
            [.. result.Errors.Select(e => $"{e.FullyQualifiedErrorId}: {e}"), .. result.Warnings, $"{result.Failure?.Message}"];
        Assert.True(problems is [""], $"{script}\n{string.Join("\n", problems)}");
        return result.Output;
    }

    /// <summary>Runs a script, and returns the lines that a user sees in a terminal of a width.</summary>
    public IReadOnlyList<string> Show(string script, int width)
    {
        _session.Host.UI.RawUI.BufferSize = new Size(width, 9999);
        return _session.Show(script);
    }

    /// <summary>Sets a variable for scripts.</summary>
    public void Set(string name, object value) => _session[name] = value;

    public void Dispose()
    {
        Run("Stop-NanoBananaEmulator; Remove-Module NanoBanana");
        _session.Dispose();
        Environment.SetEnvironmentVariable("NANOBANANA_LOG", null);
        Environment.SetEnvironmentVariable(KeyVariable.Name, null);
        Environment.SetEnvironmentVariable(JournalVariable, null);
        _folder.Dispose();
    }
}
