namespace NanoBanana.Commands;

/// <summary>Gets the running emulators of this process, the newest last.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaEmulator")]
[OutputType("NanoBanana.Emulator.EmulatorServer")]
public sealed class GetNanoBananaEmulatorCommand : NanoBananaCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (RunspaceData.HasEmulators)
            WriteObject(RunspaceData.AllEmulators, enumerateCollection: true);
    }
}
