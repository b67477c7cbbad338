using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace NanoBanana.Module.Tests.Hosting;

/// <summary>The lines that a user of the host sees. Any thread can write one.</summary>
internal sealed class RecordingUI : PSHostUserInterface
{
    private readonly object _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource<string> Seen)> _waiters = [];
    private readonly StringBuilder _open = new();

    public ConcurrentQueue<string> Answers { get; } = new();

    /// <summary>The messages of the prompts that were shown.</summary>
    public ConcurrentQueue<string> Questions { get; } = new();

    public Action<string>? OnLine { get; set; }

    public bool InColor { get; set; }

    public override bool SupportsVirtualTerminal => InColor;

    public override PSHostRawUserInterface RawUI { get; } = new RecordingRawUI();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public Task<string> LineWithAsync(string text)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
                return Task.FromResult(line);
            _waiters.Add((text, seen));
        }
        return seen.Task.WaitAsync(TestTimeout.Limit);
    }

    public override void Write(string value)
    {
        lock (_lock)
            _open.Append(value);
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value)
    {
        string line;
        lock (_lock)
        {
            line = _open + value;
            _open.Clear();
            _lines.Add(line);
            foreach ((_, TaskCompletionSource<string> seen) in _waiters.Where(w => line.Contains(w.Text, StringComparison.Ordinal)))
                seen.TrySetResult(line);
        }
        OnLine?.Invoke(line);
    }

    public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

    public override void WriteErrorLine(string value) => WriteLine("ERROR: " + value);

    public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

    public override void WriteWarningLine(string message) => WriteLine("WARNING: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => throw NoInput();

    public override SecureString ReadLineAsSecureString() => throw NoInput();

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) => throw NoInput();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Questions.Enqueue(message);
        if (!Answers.TryDequeue(out string? answer))
            throw NoInput();
        WriteLine(message);
        return choices.IndexOf(choices.Single(choice => choice.Label.Replace("&", "", StringComparison.Ordinal) == answer));
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw NoInput();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NoInput();

    private static NotSupportedException NoInput() => new("The test gives no answer to this prompt.");
}
