using System.Collections.Concurrent;
using System.Text;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Faults;

/// <summary>Finds the fault of a request: what is queued comes first, then the script, then what is drawn by rate.</summary>
/// <remarks>
/// What is drawn depends on the seed, the request, and how many equal ones came before it, but not on the order in which
/// different requests arrive: a concurrent run meets the same faults.
/// </remarks>
internal sealed class FaultPlan(EmulatorOptions options)
{
    /// <summary>What is drawn unless it is chosen: all that a careful client outlives within seconds.</summary>
    private static readonly EmulatorFaultKind[] Usual =
    [
        .. Enum.GetValues(typeof(EmulatorFaultKind)).Cast<EmulatorFaultKind>().Except(
        [
            EmulatorFaultKind.Unauthorized, EmulatorFaultKind.Forbidden, EmulatorFaultKind.NotFound,
            EmulatorFaultKind.Stall, EmulatorFaultKind.StallBody,
        ]),
    ];

    private static readonly EmulatorOperation[] Operations =
        [.. Enum.GetValues(typeof(EmulatorOperation)).Cast<EmulatorOperation>()];

    private readonly ConcurrentQueue<EmulatorFault>[] _queues =
        [.. Operations.Select(static _ => new ConcurrentQueue<EmulatorFault>())];

    private readonly EmulatorFaultKind[][] _kinds =
    [
        .. Operations.Select(operation =>
            (options.FaultKinds ?? Usual).Distinct().Where(kind => DrawnFault.Fits(kind, operation)).ToArray()),
    ];

    private readonly ConcurrentDictionary<ulong, int> _attempts = new();

    public void Enqueue(EmulatorOperation operation, EmulatorFault fault) => _queues[(int)operation].Enqueue(fault);

    public EmulatorFault? Take(EmulatorOperation operation, HttpRequest request, string taskId)
    {
        if (_queues[(int)operation].TryDequeue(out var queued))
            return queued;
        if (options.FaultRate == 0 && options.FaultScript is null)
            return null;

        // The same whichever dialect it is, and whoever came first.
        ulong identity = SeededRandom.Hash(request.Path, SeededRandom.Hash(request.Method));
        foreach (byte value in request.Body.AsSpan())
            identity = SeededRandom.Hash((char)value, identity);
        int attempt = _attempts.AddOrUpdate(identity, 1, static (_, last) => last + 1);
        string body = options.FaultScript is null ? "" : Encoding.UTF8.GetString(request.Body.Array!, request.Body.Offset, request.Body.Count);
        var seen = new EmulatorRequest(operation, request.Path, taskId, body, attempt);
        return options.FaultScript?.Invoke(seen) ?? Draw(seen, identity);
    }

    /// <summary>Draws by rate.</summary>
    /// <param name="request">The request.</param>
    /// <param name="identity">A hash of what makes it equal to another.</param>
    public EmulatorFault? Draw(EmulatorRequest request, ulong identity)
    {
        EmulatorFaultKind[] kinds = _kinds[(int)request.Operation];
        var random = SeededRandom.Of(options.Seed, identity, request.Attempt);
        return random.NextDouble() >= options.FaultRate || kinds.Length == 0
            ? null
            : DrawnFault.Make(kinds[random.Next() % (ulong)kinds.Length], request, ref random);
    }
}
