namespace NanoBanana.Benchmarks;

/// <summary>A run that is no measurement: it could not be made, or lost a task.</summary>
public sealed class BenchmarkException(string message) : Exception(message);
