using System.Collections.Concurrent;
using System.Text;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Faults;

/// <summary>Finds the fault of a request: a queued one, else one of the script, else a random one by rate.</summary>
/// <remarks>
/// A random fault depends on the seed, the request, and the number of equal requests before it. It does not depend on the order
/// of different requests, so a concurrent run has the same faults.
/// </remarks>
internal sealed class FaultPlan(EmulatorOptions options)
{
    /// <summary>The default kinds: all that a robust client survives within seconds.</summary>
    private static readonly EmulatorFaultKind[] DefaultKinds =
    [
        .. Enum.GetValues(typeof(EmulatorFaultKind)).Cast<EmulatorFaultKind>().Except(
        [
            EmulatorFaultKind.Unauthorized, EmulatorFaultKind.Forbidden, EmulatorFaultKind.NotFound,
            EmulatorFaultKind.Stall, EmulatorFaultKind.StallBody,
        ]),
    ];

    /// <summary>Larger than any image, so that a client stops reading.</summary>
    private const long HugeImage = 1L << 30;

    private readonly ConcurrentQueue<EmulatorFault>[] _queues =
        [.. Enum.GetValues(typeof(EmulatorOperation)).Cast<EmulatorOperation>().Select(static _ => new ConcurrentQueue<EmulatorFault>())];

    private readonly ConcurrentDictionary<ulong, int> _attempts = new();

    public void Enqueue(EmulatorOperation operation, EmulatorFault fault) => _queues[(int)operation].Enqueue(fault);

    public EmulatorFault? Take(EmulatorOperation operation, HttpRequest request, string taskId)
    {
        if (_queues[(int)operation].TryDequeue(out var queued))
            return queued;
        if (options.FaultRate == 0 && options.FaultScript is null)
            return null;

        ulong identity = SeededRandom.Hash(request.Path, SeededRandom.Hash(request.Method));
        foreach (byte value in request.Body.AsSpan())
            identity = SeededRandom.Hash((char)value, identity);
        int attempt = _attempts.AddOrUpdate(identity, 1, static (_, last) => last + 1);
        string body = options.FaultScript is null ? "" : Encoding.UTF8.GetString([.. request.Body]);
        var current = new EmulatorRequest(operation, request.Path, taskId, body, attempt);
        return options.FaultScript?.Invoke(current) ?? Draw(current, identity);
    }

    /// <summary>Draws a fault by rate, or null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="identity">A hash of its method, path and body.</param>
    public EmulatorFault? Draw(EmulatorRequest request, ulong identity)
    {
        var random = SeededRandom.Of(options.Seed, identity, request.Attempt);
        if (random.NextDouble() >= options.FaultRate)
            return null;
        EmulatorFaultKind[] kinds = [.. (options.FaultKinds ?? DefaultKinds).Distinct().Where(kind => Fits(kind, request.Operation))];
        return kinds.Length == 0 ? null : Make(kinds[random.Next() % (ulong)kinds.Length], request, ref random);
    }

    private static bool Fits(EmulatorFaultKind kind, EmulatorOperation operation) => kind switch
    {
        EmulatorFaultKind.StaleStatus => operation == EmulatorOperation.Poll,
        EmulatorFaultKind.ExpiredLink => operation == EmulatorOperation.Download,
        EmulatorFaultKind.CutJson => operation != EmulatorOperation.Download,
        _ => true,
    };

    /// <summary>A fault of this kind, with values that end within seconds.</summary>
    private static EmulatorFault Make(EmulatorFaultKind kind, EmulatorRequest request, ref SeededRandom random)
    {
        double variant = random.NextDouble();
        bool isAfterAccept = random.NextDouble() < 0.5;
        bool isDownload = request.Operation == EmulatorOperation.Download;
        EmulatorFault fault = kind switch
        {
            EmulatorFaultKind.Status => EmulatorFault.Status(variant < 0.5 ? 408 : 504),
            EmulatorFaultKind.Unauthorized => EmulatorFault.Status(401),
            EmulatorFaultKind.Forbidden => EmulatorFault.Status(403),
            EmulatorFaultKind.NotFound => EmulatorFault.Status(404),
            EmulatorFaultKind.RateLimited => LimitedBy(variant),
            EmulatorFaultKind.ServerError => EmulatorFault.Status(500),
            EmulatorFaultKind.BadGateway => EmulatorFault.BadGateway(),
            EmulatorFaultKind.Unavailable => EmulatorFault.Status(503, variant < 0.5 ? 1 : null),
            EmulatorFaultKind.EmptyBody => EmulatorFault.EmptyBody(),
            EmulatorFaultKind.CutBody => EmulatorFault.CutBody(),
            EmulatorFaultKind.CutJson => EmulatorFault.CutJson(),
            EmulatorFaultKind.WrongTypes => EmulatorFault.WrongTypes(),
            EmulatorFaultKind.Garbage => EmulatorFault.Garbage(),
            EmulatorFaultKind.HugeBody => isDownload ? EmulatorFault.HugeBody(HugeImage) : EmulatorFault.HugeBody(),
            EmulatorFaultKind.WrongLength => EmulatorFault.WrongLength(variant < 0.5 ? 20 : -20),
            EmulatorFaultKind.WrongContentType => EmulatorFault.WrongContentType(),
            EmulatorFaultKind.SlowStart => EmulatorFault.SlowStart(TimeSpan.FromSeconds(variant)),
            EmulatorFaultKind.Stall => EmulatorFault.Stall(),
            EmulatorFaultKind.StallBody => EmulatorFault.StallBody(),
            EmulatorFaultKind.Reset => EmulatorFault.Reset(),
            EmulatorFaultKind.StaleStatus => EmulatorFault.StaleStatus(variant < 0.5 ? "queued" : "in_progress"),
            EmulatorFaultKind.ExpiredLink => EmulatorFault.ExpiredLink(),
            // A download is redirected to the same address and then succeeds. A redirect of the API leads to 404.
            EmulatorFaultKind.Redirect =>
                EmulatorFault.RedirectTo(new Uri(isDownload ? request.Path : "/elsewhere", UriKind.Relative), 307),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, Messages.FaultKindUnknown),
        };
        return isAfterAccept && CanFollowAccept(fault) ? fault.AfterAccept() : fault;
    }

    private static EmulatorFault LimitedBy(double variant) => variant switch
    {
        < 0.33 => EmulatorFault.Status(429),
        < 0.66 => EmulatorFault.Status(429, retryAfterSeconds: 1),
        // A date has whole seconds, so this one is one to two seconds from now.
        _ => EmulatorFault.Status(429, retryAfterSeconds: 2, retryAfterAsDate: true),
    };

    /// <summary>Whether a provider can send this answer after it accepted the request. The others are refusals.</summary>
    private static bool CanFollowAccept(EmulatorFault fault) =>
        fault is not ({ StatusCode: >= 300 and < 500 and not 408 } or { RetryAfterSeconds: not null });
}
