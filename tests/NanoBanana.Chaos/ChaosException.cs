namespace NanoBanana.Chaos;

/// <summary>A promise is broken.</summary>
public sealed class ChaosException(string message) : Exception(message);
