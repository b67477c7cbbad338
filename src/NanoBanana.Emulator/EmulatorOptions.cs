namespace NanoBanana.Emulator;

/// <summary>How an emulator behaves. Checked when a server starts with it.</summary>
public sealed class EmulatorOptions
{
    /// <summary>The bearer key that the API asks for: visible ASCII; null (default) for a random one of this start.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Port of the API, 1 to 65535, or 0 (default) for any free port.</summary>
    public int Port { get; init; }

    /// <summary>Port of the download host, 1 to 65535, or 0 (default) for any free port.</summary>
    public int DownloadPort { get; init; }

    /// <summary>
    /// Whether images come from a port of their own (default), as the provider's come from another host.
    /// Otherwise the API's port serves them, still without asking for the key.
    /// </summary>
    public bool SeparateDownloadHost { get; init; } = true;

    /// <summary>Where ids, completion times, failures and faults are drawn from: the same seed repeats the same run.</summary>
    public int Seed { get; init; }

    /// <summary>Factor on drawn completion times, 0 to 1000000; 1 is lifelike, 0 is done at the first poll.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Share of tasks that fail by themselves, from 0 (default) to 1.</summary>
    public double FailureRate { get; init; }

    /// <summary>Share of requests to API and download host that go wrong, from 0 (default) to 1.</summary>
    /// <remarks>The same requests meet the same faults from the same seed, in whatever order they arrive.</remarks>
    public double FaultRate { get; init; }

    /// <summary>
    /// The kinds that <see cref="FaultRate"/> draws from; null for all but <c>Unauthorized</c>, <c>Forbidden</c> and
    /// <c>NotFound</c>, which end a client's work, and <c>Stall</c> and <c>StallBody</c>, which cost its whole time-out.
    /// </summary>
    public IReadOnlyCollection<EmulatorFaultKind>? FaultKinds { get; init; }

    /// <summary>
    /// Is asked about every request, from many threads: the fault that the request is to meet, or null for none of its
    /// own. What <see cref="EmulatorServer.Enqueue"/> has put in comes before it, what is drawn by rate after it.
    /// </summary>
    public Func<EmulatorRequest, EmulatorFault?>? FaultScript { get; init; }

    /// <summary>The shape of the answers that hold images; a prompt's <c>[shape:name]</c> comes before it.</summary>
    public EmulatorResultShape ResultShape { get; init; }

    /// <summary>The forms of input images that a create request is refused for, with 400; null for none.</summary>
    public IReadOnlyCollection<EmulatorImageForm>? RefusedImageForms { get; init; }

    /// <summary>The clock that tasks run by; the system's unless set.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Largest request body in bytes, at least 1; 16 MiB unless set: images travel as data URIs.</summary>
    public int MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Throws where a value is outside its range.</summary>
    /// <exception cref="ArgumentException">Names the option and its range.</exception>
    internal void Validate()
    {
        if (ApiKey is not null && (ApiKey.Length == 0 || ApiKey.Any(c => c is <= ' ' or > '~')))
            throw new ArgumentException("ApiKey must be visible ASCII without spaces, and not empty.", nameof(ApiKey));

        CheckPort(nameof(Port), Port);
        CheckPort(nameof(DownloadPort), DownloadPort);
        if (Port != 0 && Port == DownloadPort && SeparateDownloadHost)
            throw new ArgumentException("Port and DownloadPort must differ, or be 0.", nameof(DownloadPort));

        Check.Range(TimeScale is >= 0 and <= 1e6, TimeScale, "TimeScale must be from 0 to 1000000.");
        Check.Range(FailureRate is >= 0 and <= 1, FailureRate, "FailureRate must be from 0 to 1.");
        Check.Range(FaultRate is >= 0 and <= 1, FaultRate, "FaultRate must be from 0 to 1.");
        bool areKinds = FaultKinds?.All(static kind => Enum.IsDefined(typeof(EmulatorFaultKind), kind)) != false;
        Check.Range(areKinds, FaultKinds, "FaultKinds must be kinds of faults.");
        Check.Range(Enum.IsDefined(typeof(EmulatorResultShape), ResultShape), ResultShape, "ResultShape must be a shape of results.");
        bool areForms = RefusedImageForms?.All(static form => Enum.IsDefined(typeof(EmulatorImageForm), form)) != false;
        Check.Range(areForms, RefusedImageForms, "RefusedImageForms must be forms of images.");
        Check.Range(MaxRequestBytes >= 1, MaxRequestBytes, "MaxRequestBytes is at least 1.");
        Check.NotNull(TimeProvider);
    }

    private static void CheckPort(string name, int port) =>
        Check.Range(port is >= 0 and <= 65535, port, $"{name} must be from 0 (any free port) to 65535.", name);
}

/// <summary>A form in which a request names an input image.</summary>
public enum EmulatorImageForm
{
    /// <summary>A data URI.</summary>
    DataUri,

    /// <summary>Base64 and nothing else.</summary>
    Base64,

    /// <summary>An http or https address, such as that of an upload.</summary>
    Address,
}
