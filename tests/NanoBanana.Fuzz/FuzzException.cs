namespace NanoBanana.Fuzz;

/// <summary>A body for which a promise does not hold.</summary>
public sealed class FuzzException(string message) : Exception(message);
