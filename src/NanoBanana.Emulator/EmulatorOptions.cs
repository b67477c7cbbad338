namespace NanoBanana.Emulator;

/// <summary>Options of an emulator. A server checks them when it starts.</summary>
public sealed class EmulatorOptions
{
    /// <summary>The bearer key that the API requires, in visible ASCII; null (default) for a random key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Port of the API, 1 to 65535, or 0 (default) for any free port.</summary>
    public int Port { get; init; }

    /// <summary>Port of the download host, 1 to 65535, or 0 (default) for any free port.</summary>
    public int DownloadPort { get; init; }

    /// <summary>
    /// Whether images have a port of their own (default), because the provider's images have a host of their own.
    /// Otherwise the API's port serves them. They never require the key.
    /// </summary>
    public bool SeparateDownloadHost { get; init; } = true;

    /// <summary>The seed of the random ids, completion times, failures and faults. The same seed repeats the same run.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Factor on completion times, from 0 to 1000000. With 1 (default) they are realistic. With 0 the first poll reports the end.
    /// </summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Share of tasks that fail at random, from 0 (default) to 1.</summary>
    public double FailureRate { get; init; }

    /// <summary>Share of requests to the API and the download host that have a fault, from 0 (default) to 1.</summary>
    /// <remarks>With the same seed, the same requests have the same faults, in any order of arrival.</remarks>
    public double FaultRate { get; init; }

    /// <summary>
    /// The kinds that <see cref="FaultRate"/> uses. Null means all kinds except those that end a client's work
    /// (<c>Unauthorized</c>, <c>Forbidden</c>, <c>NotFound</c>) or last for its whole time-out (<c>Stall</c>, <c>StallBody</c>).
    /// </summary>
    public IReadOnlyCollection<EmulatorFaultKind>? FaultKinds { get; init; }

    /// <summary>
    /// Called for every request, from many threads. Returns the fault of the request, or null to let <see cref="FaultRate"/> decide.
    /// Faults from <see cref="EmulatorServer.Enqueue"/> have priority.
    /// </summary>
    public Func<EmulatorRequest, EmulatorFault?>? FaultScript { get; init; }

    /// <summary>The shape of the answers with images. A prompt's <c>[shape:name]</c> has priority.</summary>
    public EmulatorResultShape ResultShape { get; init; }

    /// <summary>The forms of input images that are refused with 400; null for none.</summary>
    public IReadOnlyCollection<EmulatorImageForm>? RefusedImageForms { get; init; }

    /// <summary>The clock of the tasks; by default that of the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Largest request body in bytes, at least 1; by default 16 MiB, because images can be sent as data URIs.</summary>
    public int MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Checks that each value is in its range.</summary>
    /// <exception cref="ArgumentException">The message contains the option and its range.</exception>
    internal void Validate()
    {
        if (ApiKey is not null && (ApiKey.Length == 0 || ApiKey.Any(c => c is <= ' ' or > '~')))
            throw new ArgumentException(Messages.ApiKeyNotVisibleAscii, nameof(ApiKey));

        CheckPort(nameof(Port), Port);
        CheckPort(nameof(DownloadPort), DownloadPort);
        if (Port != 0 && Port == DownloadPort && SeparateDownloadHost)
            throw new ArgumentException(Messages.PortsEqual, nameof(DownloadPort));

        Check.Range(TimeScale is >= 0 and <= 1e6, TimeScale, Messages.TimeScaleOutOfRange);
        Check.Range(FailureRate is >= 0 and <= 1, FailureRate, Messages.FailureRateOutOfRange);
        Check.Range(FaultRate is >= 0 and <= 1, FaultRate, Messages.FaultRateOutOfRange);
        bool areKinds = FaultKinds?.All(static kind => Enum.IsDefined(typeof(EmulatorFaultKind), kind)) != false;
        Check.Range(areKinds, FaultKinds, Messages.FaultKindsUnknown);
        Check.Range(Enum.IsDefined(typeof(EmulatorResultShape), ResultShape), ResultShape, Messages.ResultShapeUnknown);
        bool areForms = RefusedImageForms?.All(static form => Enum.IsDefined(typeof(EmulatorImageForm), form)) != false;
        Check.Range(areForms, RefusedImageForms, Messages.RefusedImageFormsUnknown);
        Check.Range(MaxRequestBytes >= 1, MaxRequestBytes, Messages.MaxRequestBytesTooSmall);
        Check.NotNull(TimeProvider);
    }

    private static void CheckPort(string name, int port) =>
        Check.Range(port is >= 0 and <= 65535, port, Messages.PortOutOfRange(name), name);
}

/// <summary>A form of an input image in a request.</summary>
public enum EmulatorImageForm
{
    /// <summary>A data URI.</summary>
    DataUri,

    /// <summary>Base64 without a data URI.</summary>
    Base64,

    /// <summary>An http or https address, such as that of an upload.</summary>
    Address,
}
