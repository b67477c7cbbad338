namespace NanoBanana.Lab.Bench.Workers;

/// <summary>What the emulator's process answers: where it is, and what it has counted since it started.</summary>
internal sealed record EmulatorState
{
    public required Uri Endpoint { get; init; }

    public required string ApiKey { get; init; }

    public required EmulatorCounters Counters { get; init; }

    /// <summary>User and system time of the emulator's process, in seconds.</summary>
    public double CpuSeconds { get; init; }
}
