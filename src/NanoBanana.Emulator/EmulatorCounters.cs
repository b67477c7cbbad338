namespace NanoBanana.Emulator;

/// <summary>What the emulator has been asked since it started: a snapshot.</summary>
public sealed record EmulatorCounters
{
    /// <summary>Create requests that came in, whatever became of them.</summary>
    public long CreatesReceived { get; init; }

    /// <summary>Create requests that bought a task, also those whose answer was lost to a fault.</summary>
    public long CreatesAccepted { get; init; }

    /// <summary>Create requests turned down: a bad parameter, or <c>[refuse]</c>. 401 is counted apart.</summary>
    public long CreatesRefused { get; init; }

    /// <summary>Poll requests that came in, for known and unknown ids.</summary>
    public long Polls { get; init; }

    /// <summary>Requests for the results of tasks that came in, for known and unknown ids.</summary>
    public long Results { get; init; }

    /// <summary>Files that were uploaded.</summary>
    public long Uploads { get; init; }

    /// <summary>Cancel requests that came in, whatever became of them.</summary>
    public long Cancels { get; init; }

    /// <summary>GET requests for images that came in, whole or by range. HEAD is not counted.</summary>
    public long Downloads { get; init; }

    /// <summary>Requests to the API that were answered 401.</summary>
    public long Unauthorized { get; init; }

    /// <summary>Requests for images with an Authorization header. Each of them is a leaked key.</summary>
    public long DownloadsWithAuthorization { get; init; }

    /// <summary>Requests that met a fault, scripted or drawn.</summary>
    public long Faults => FaultsByKind.Values.Sum();

    /// <summary>The same, for each kind that was met.</summary>
    public IReadOnlyDictionary<EmulatorFaultKind, long> FaultsByKind { get; init; } = new Dictionary<EmulatorFaultKind, long>();

    /// <summary>Bytes written to sockets by API and download host, heads included.</summary>
    public long BytesServed { get; init; }

    /// <summary>TCP connections accepted by API and download host.</summary>
    public long ConnectionsAccepted { get; init; }

    /// <summary>Requests being answered now, stalled ones included.</summary>
    public long ConcurrentRequests { get; init; }

    /// <summary>The most requests that were ever being answered at the same time.</summary>
    public long PeakConcurrentRequests { get; init; }
}
