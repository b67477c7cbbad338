namespace NanoBanana.Module.Tests.Hosting;

/// <summary>Lets a script wait for what the emulator sees: <c>$signals.Accepted(2)</c>.</summary>
public sealed class EmulatorSignals(EmulatorServer emulator)
{
    /// <summary>Waits until so many creates were accepted.</summary>
    public void Accepted(int count) => emulator.WaitForAsync(c => c.CreatesAccepted >= count).Wait(Patience.Limit);
}
