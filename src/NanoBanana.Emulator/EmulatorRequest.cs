namespace NanoBanana.Emulator;

/// <summary>A request as a script of faults sees it.</summary>
/// <param name="Operation">What it asks for.</param>
/// <param name="Path">Its path, without query.</param>
/// <param name="TaskId">The task that it is about; empty for a create.</param>
/// <param name="Body">Its body as text; empty for none.</param>
/// <param name="Attempt">How many equal requests (method, path, body) have come so far, from 1 for the first.</param>
public sealed record EmulatorRequest(EmulatorOperation Operation, string Path, string TaskId, string Body, int Attempt);
