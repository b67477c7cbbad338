namespace NanoBanana.Lab.Bench.Workers;

/// <summary>The answer of the emulator's or Kestrel's process: its endpoint and its counters.</summary>
internal sealed record EmulatorState
{
    public required Uri Endpoint { get; init; }

    public required string ApiKey { get; init; }

    public required EmulatorCounters Counters { get; init; }

    /// <summary>The file of the certificate that clients must trust; null without TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>Completed TLS handshakes.</summary>
    public long Handshakes { get; init; }

    /// <summary>User and system time of the emulator's process, in seconds.</summary>
    public double CpuSeconds { get; init; }
}
