namespace NanoBanana.Lab;

/// <summary>A promise is broken, or a measurement was not possible.</summary>
public sealed class LabException(string message) : Exception(message);
