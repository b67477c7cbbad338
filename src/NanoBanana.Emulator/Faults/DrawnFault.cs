using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Faults;

/// <summary>Makes the fault of a kind that was drawn for a request, with numbers that hurt and end within seconds.</summary>
internal static class DrawnFault
{
    /// <summary>Larger than any image; no client reads that far.</summary>
    private const long HugeImage = 1L << 30;

    public static bool Fits(EmulatorFaultKind kind, EmulatorOperation operation) => kind switch
    {
        EmulatorFaultKind.StaleStatus => operation == EmulatorOperation.Poll,
        EmulatorFaultKind.ExpiredLink => operation == EmulatorOperation.Download,
        EmulatorFaultKind.CutJson => operation != EmulatorOperation.Download,
        _ => true,
    };

    public static EmulatorFault Make(EmulatorFaultKind kind, EmulatorRequest request, ref SeededRandom random)
    {
        double nuance = random.NextDouble();
        bool isLate = random.NextDouble() < 0.5;
        bool isDownload = request.Operation == EmulatorOperation.Download;
        EmulatorFault fault = kind switch
        {
            EmulatorFaultKind.Status => EmulatorFault.Status(nuance < 0.5 ? 408 : 504),
            EmulatorFaultKind.Unauthorized => EmulatorFault.Status(401),
            EmulatorFaultKind.Forbidden => EmulatorFault.Status(403),
            EmulatorFaultKind.NotFound => EmulatorFault.Status(404),
            EmulatorFaultKind.RateLimited => LimitedBy(nuance),
            EmulatorFaultKind.ServerError => EmulatorFault.Status(500),
            EmulatorFaultKind.BadGateway => EmulatorFault.BadGateway(),
            EmulatorFaultKind.Unavailable => EmulatorFault.Status(503, nuance < 0.5 ? 1 : null),
            EmulatorFaultKind.EmptyBody => EmulatorFault.EmptyBody(),
            EmulatorFaultKind.CutBody => EmulatorFault.CutBody(),
            EmulatorFaultKind.CutJson => EmulatorFault.CutJson(),
            EmulatorFaultKind.WrongTypes => EmulatorFault.WrongTypes(),
            EmulatorFaultKind.Garbage => EmulatorFault.Garbage(),
            EmulatorFaultKind.HugeBody => isDownload ? EmulatorFault.HugeBody(HugeImage) : EmulatorFault.HugeBody(),
            EmulatorFaultKind.WrongLength => EmulatorFault.WrongLength(nuance < 0.5 ? 20 : -20),
            EmulatorFaultKind.WrongContentType => EmulatorFault.WrongContentType(),
            EmulatorFaultKind.SlowStart => EmulatorFault.SlowStart(TimeSpan.FromSeconds(nuance)),
            EmulatorFaultKind.Stall => EmulatorFault.Stall(),
            EmulatorFaultKind.StallBody => EmulatorFault.StallBody(),
            EmulatorFaultKind.Reset => EmulatorFault.Reset(),
            EmulatorFaultKind.StaleStatus => EmulatorFault.StaleStatus(nuance < 0.5 ? "queued" : "in_progress"),
            EmulatorFaultKind.ExpiredLink => EmulatorFault.ExpiredLink(),
            // An image is at the same place the second time; what the API points to is not there.
            EmulatorFaultKind.Redirect => EmulatorFault.RedirectTo(new Uri(isDownload ? request.Path : "/elsewhere", UriKind.Relative), 307),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of fault."),
        };
        return isLate && MayComeLate(fault) ? fault.AfterAccept() : fault;
    }

    private static EmulatorFault LimitedBy(double nuance) => nuance switch
    {
        < 0.33 => EmulatorFault.Status(429),
        < 0.66 => EmulatorFault.Status(429, retryAfterSeconds: 1),
        // A date has whole seconds: this one is one to two away.
        _ => EmulatorFault.Status(429, retryAfterSeconds: 2, retryAfterAsDate: true),
    };

    /// <summary>Whether a provider that answers like this may have acted: the others say that it has not.</summary>
    private static bool MayComeLate(EmulatorFault fault) =>
        fault is not ({ StatusCode: >= 300 and < 500 and not 408 } or { RetryAfterSeconds: not null });
}
