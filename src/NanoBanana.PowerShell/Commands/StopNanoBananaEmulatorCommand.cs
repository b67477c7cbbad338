using System.Globalization;
using NanoBanana.Emulator;

namespace NanoBanana.Commands;

/// <summary>Stops emulators, either the given ones or all of this runspace, and removes its connection to them.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NanoBananaEmulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class StopNanoBananaEmulatorCommand : NanoBananaCmdlet
{
    /// <summary>The emulator, its endpoint or port, or a connection to it.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "The emulator, its endpoint or port, or a connection to it.")]
    [Alias("Emulator", "Endpoint")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(EmulatorCompleter))]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            foreach (EmulatorServer emulator in RunspaceData.Current.Emulators)
                Stop(emulator);
        }
        else if (Find(InputObject) is { } given)
        {
            Stop(given);
        }
        else
        {
            var error = new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.NotAnEmulator(InputObject));
            WriteError(error.ToErrorRecord(InputObject));
        }
    }

    private static EmulatorServer? Find(PSObject given)
    {
        if (given.BaseObject is EmulatorServer emulator)
            return emulator;
        string text = string.Format(CultureInfo.InvariantCulture, "{0}", given.Properties["Endpoint"]?.Value ?? given);
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Host.Length > 0)
            text = address.Authority;
        return RunspaceData.AllEmulators.FirstOrDefault(
            one => one.Endpoint.Authority == text || one.Endpoint.Port.ToString(CultureInfo.InvariantCulture) == text);
    }

    private void Stop(EmulatorServer emulator)
    {
        if (ShouldProcess(emulator.Endpoint.ToString(), Messages.StopEmulator))
            RunspaceData.Current.Stop(emulator);
    }
}
