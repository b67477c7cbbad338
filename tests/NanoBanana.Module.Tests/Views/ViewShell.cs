using System.Collections.ObjectModel;
using System.Management.Automation.Host;

namespace NanoBanana.Module.Tests.Views;

/// <summary>A session with the staged module on a screen of a given width.</summary>
public sealed class ViewShell : IDisposable
{
    private readonly ShellSession _session;
    private readonly int _width;

    public ViewShell(int width = 100, bool inColor = false)
    {
        _width = width;
        _session = new ShellSession(AppContext.BaseDirectory).Import();
        _session.Host.SupportsVirtualTerminal = inColor;
        _session.Host.UI.RawUI.BufferSize = new Size(width, 9999);
        // Any command loads the views.
        Run("Get-NanoBananaConnection; $ProgressPreference = 'SilentlyContinue'; $PSStyle.OutputRendering = 'Host'");
    }

    /// <summary>The output of a script. Asserts that the script had no errors.</summary>
    public IReadOnlyList<PSObject> Run(string script) => _session.Run(script).Ok();

    /// <summary>
    /// The text of a script's output, without blank lines around it. PowerShell does not use the last column of a console.
    /// </summary>
    public string Show(string script)
    {
        string text = Assert.Single(Run($". {{\n{script}\n}} | Out-String -Width {_width - 1}")).ToString();
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n');
    }

    /// <summary>The text of a script's output as a list.</summary>
    public string ShowList(string script) => Show($". {{\n{script}\n}} | Format-List");

    /// <summary>The text that a script writes to the screen, with its colors.</summary>
    public string ShowOnScreen(string script)
    {
        int before = _session.Host.Lines.Count;
        Run($". {{\n{script}\n}} | Out-Default");
        return string.Join('\n', _session.Host.Lines.Skip(before));
    }

    /// <summary>The completions that Tab offers at the end of a line.</summary>
    public Collection<CompletionResult> Complete(string line) => _session.Complete(line);

    public void Dispose()
    {
        Run("Stop-NanoBananaEmulator");
        _session.Dispose();
    }
}
