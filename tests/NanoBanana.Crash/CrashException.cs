namespace NanoBanana.Crash;

/// <summary>A promise of the journal does not hold.</summary>
public sealed class CrashException(string message) : Exception(message);
