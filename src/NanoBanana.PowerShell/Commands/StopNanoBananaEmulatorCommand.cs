using NanoBanana.Emulator;

namespace NanoBanana.Commands;

/// <summary>Stops emulators: those given, or all that this runspace has started.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NanoBananaEmulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class StopNanoBananaEmulatorCommand : NanoBananaCmdlet
{
    /// <summary>The emulator, as Start-NanoBananaEmulator emitted it.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Emulator")]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            foreach (EmulatorServer emulator in RunspaceData.Current.Emulators)
                Stop(emulator);
        }
        else if (InputObject.BaseObject is EmulatorServer given)
        {
            Stop(given);
        }
        else
        {
            WriteError(Errors.ErrorCatalog.ToErrorRecord(new NanoBananaException(NanoBananaErrorKind.InvalidRequest, "This is not an emulator. Pipe what Start-NanoBananaEmulator emitted, or give nothing to stop all of this session."), InputObject));
        }
    }

    private void Stop(EmulatorServer emulator)
    {
        if (!ShouldProcess(emulator.Endpoint.ToString(), "Stop the NanoBanana emulator"))
            return;
        emulator.Dispose();
        RunspaceData.Current.Remove(emulator);
    }
}
