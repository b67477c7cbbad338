namespace NanoBanana.Module.Tests.Hosting;

/// <summary>Lets a script wait for requests that the emulator receives: <c>$signals.Accepted(2)</c>.</summary>
public sealed class EmulatorSignals(EmulatorServer emulator)
{
    /// <summary>Waits until the emulator has accepted this number of creates.</summary>
    public void Accepted(int count) => emulator.WaitForAsync(c => c.CreatesAccepted >= count).Wait(TestTimeout.Limit);
}
