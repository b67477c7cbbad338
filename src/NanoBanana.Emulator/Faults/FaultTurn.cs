namespace NanoBanana.Emulator.Faults;

/// <summary>What a request drew as it came in.</summary>
/// <param name="Fault">The fault that it meets, or null.</param>
/// <param name="Opening">Ends when stalled requests are next released.</param>
/// <param name="TaskId">The task that the request is about; empty for none.</param>
internal readonly record struct FaultTurn(EmulatorFault? Fault, Task Opening, string TaskId);
