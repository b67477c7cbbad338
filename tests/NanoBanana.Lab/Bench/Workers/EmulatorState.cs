namespace NanoBanana.Lab.Bench.Workers;

/// <summary>What the process of the emulator, or of Kestrel, answers: where it is, and what it has counted since it started.</summary>
internal sealed record EmulatorState
{
    public required Uri Endpoint { get; init; }

    public required string ApiKey { get; init; }

    public required EmulatorCounters Counters { get; init; }

    /// <summary>The file of the certificate that clients are to trust; null where there is no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>TLS handshakes that came to an end.</summary>
    public long Handshakes { get; init; }

    /// <summary>User and system time of the emulator's process, in seconds.</summary>
    public double CpuSeconds { get; init; }
}
