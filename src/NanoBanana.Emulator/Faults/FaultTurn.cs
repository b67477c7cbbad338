namespace NanoBanana.Emulator.Faults;

/// <summary>What a request drew as it came in.</summary>
/// <param name="Fault">The fault that it meets, or null.</param>
/// <param name="Opening">Ends when stalled requests are next released.</param>
internal readonly record struct FaultTurn(EmulatorFault? Fault, Task Opening);
