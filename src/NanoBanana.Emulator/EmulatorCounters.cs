namespace NanoBanana.Emulator;

/// <summary>The requests that the emulator has received since it started: a snapshot.</summary>
public sealed record EmulatorCounters
{
    /// <summary>Create requests received, with any outcome.</summary>
    public long CreatesReceived { get; init; }

    /// <summary>Create requests that were accepted, including those whose answer a fault removed.</summary>
    public long CreatesAccepted { get; init; }

    /// <summary>Create requests refused because of a parameter or <c>[refuse]</c>. <see cref="Unauthorized"/> counts 401.</summary>
    public long CreatesRefused { get; init; }

    /// <summary>Poll requests received, for known and unknown ids.</summary>
    public long Polls { get; init; }

    /// <summary>Requests for the results of tasks, for known and unknown ids.</summary>
    public long Results { get; init; }

    /// <summary>Uploaded files.</summary>
    public long Uploads { get; init; }

    /// <summary>Cancel requests received, with any outcome.</summary>
    public long Cancels { get; init; }

    /// <summary>GET requests for images, whole or by range. HEAD is not counted.</summary>
    public long Downloads { get; init; }

    /// <summary>Requests to the API that were answered 401.</summary>
    public long Unauthorized { get; init; }

    /// <summary>Requests for images with an Authorization header. Each of them is a leaked key.</summary>
    public long DownloadsWithAuthorization { get; init; }

    /// <summary>Requests that had a fault: a queued one, one of the script, or a random one.</summary>
    public long Faults => FaultsByKind.Values.Sum();

    /// <summary>The faults by kind. Kinds without a fault are not listed.</summary>
    public IReadOnlyDictionary<EmulatorFaultKind, long> FaultsByKind { get; init; } = new Dictionary<EmulatorFaultKind, long>();

    /// <summary>Bytes that the API and the download host wrote to sockets, including heads.</summary>
    public long BytesServed { get; init; }

    /// <summary>TCP connections accepted by API and download host.</summary>
    public long ConnectionsAccepted { get; init; }

    /// <summary>Requests that are being answered now, including stalled ones.</summary>
    public long ConcurrentRequests { get; init; }

    /// <summary>The largest number of requests that were answered at the same time.</summary>
    public long PeakConcurrentRequests { get; init; }
}
