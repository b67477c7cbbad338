using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Quickstart;

/// <summary>Writes to the console; progress is one line that is renewed in place, and absent when output is redirected.</summary>
internal sealed class QuickstartUI : PSHostUserInterface
{
    private readonly SortedDictionary<int, string> _progress = [];
    private bool _progressShown;

    public override PSHostRawUserInterface RawUI { get; } = new QuickstartRawUI();

    public override bool SupportsVirtualTerminal { get; } =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Write(string value)
    {
        ClearProgress();
        // The engine leaves it to its host to take colours out.
        Console.Write(GetOutputString(value, SupportsVirtualTerminal));
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value)
    {
        ClearProgress();
        Console.Error.WriteLine(value);
    }

    public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

    public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

    public override void WriteWarningLine(string message) => WriteErrorLine("WARNING: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (Console.IsOutputRedirected)
            return;
        if (record.RecordType == ProgressRecordType.Completed)
            _progress.Remove(record.ActivityId);
        else
            _progress[record.ActivityId] = $"{record.Activity}: {record.StatusDescription}";
        ClearProgress();
        if (_progress.Count == 0)
            return;
        string line = string.Join("  |  ", _progress.Values);
        int width = Math.Max(10, RawUI.BufferSize.Width - 1);
        Console.Write(line.Length > width ? line[..width] : line);
        _progressShown = true;
    }

    public override string ReadLine() => throw NoInput();

    public override SecureString ReadLineAsSecureString() => throw NoInput();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw NoInput();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw NoInput();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw NoInput();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NoInput();

    private void ClearProgress()
    {
        if (!_progressShown)
            return;
        Console.Write("\r\u001b[K");
        _progressShown = false;
    }

    private static NotSupportedException NoInput() => new("The quickstart asks no questions: it can run unattended.");
}
