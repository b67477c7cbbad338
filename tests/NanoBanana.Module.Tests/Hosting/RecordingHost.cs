using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation.Host;

namespace NanoBanana.Module.Tests.Hosting;

/// <summary>A host that records its output. Its cultures are fixed, so that texts are the same on every machine.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly RecordingUI _ui = new();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.GetCultureInfo("en-US");

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "NanoBanana.Module.Tests";

    public override PSHostUserInterface UI => _ui;

    public override Version Version { get; } = new(1, 0);

    /// <summary>Whether its screen can show colors.</summary>
    public bool SupportsVirtualTerminal { set => _ui.InColor = value; }

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines => _ui.Lines;

    /// <summary>The answers to prompts, each the label of a choice. A prompt without an answer is an error.</summary>
    public ConcurrentQueue<string> Answers => _ui.Answers;

    public ConcurrentQueue<string> Questions => _ui.Questions;

    /// <summary>Called for each line, on the thread that writes it.</summary>
    public Action<string> OnLine { set => _ui.OnLine = value; }

    /// <summary>Waits for a line that contains a text.</summary>
    public Task<string> LineWithAsync(string text) => _ui.LineWithAsync(text);

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
