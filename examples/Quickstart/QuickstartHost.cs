using System.Globalization;
using System.Management.Automation.Host;

namespace Quickstart;

/// <summary>A host of the PowerShell engine on this console.</summary>
internal sealed class QuickstartHost : PSHost
{
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "NanoBanana Quickstart";

    public override PSHostUserInterface UI { get; } = new QuickstartUI();

    public override Version Version { get; } = new(1, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException("This host runs one script; it has no prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This host runs one script; it has no prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => Environment.ExitCode = exitCode;
}
