using System.Globalization;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Faults;

/// <summary>Stands between the hosts and what they do, and lets a request go wrong if that is its turn.</summary>
internal sealed class FaultRunner(FaultQueue queue, StallGate gate, CounterBoard counters)
{
    private const string Html =
        "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>The origin is away</h1></body></html>";

    /// <summary>
    /// Draws the fault for a request. To be called before the request is counted: who waits for that count, and then
    /// releases what is stalled, means this request too.
    /// </summary>
    public FaultTurn Begin(EmulatorOperation operation) => new(queue.Take(operation), gate.NextOpening);

    /// <summary>Carries a request out, with the fault that it drew.</summary>
    /// <param name="turn">What <see cref="Begin"/> drew.</param>
    /// <param name="requestId">Goes into error bodies.</param>
    /// <param name="handle">Carries the request out.</param>
    /// <param name="stopping">Ends stalls.</param>
    public async ValueTask<HttpResponse> RunAsync(
        FaultTurn turn, string requestId, Func<HttpResponse> handle, CancellationToken stopping)
    {
        if (turn.Fault is not { } fault)
            return handle();

        counters.Faulted();
        var accepted = fault.IsAfterAccept ? handle() : null;
        switch (fault.Kind)
        {
            case EmulatorFaultKind.Stall:
                await StallGate.WaitAsync(turn.Opening, stopping).ConfigureAwait(false);
                return accepted ?? handle();
            case EmulatorFaultKind.CutBody:
                accepted!.CutAfter = Math.Min(accepted.Length, fault.BytesBeforeCut ?? accepted.Length / 2);
                accepted.Ending = HttpEnding.Close;
                return accepted;
            case EmulatorFaultKind.Reset:
                return new HttpResponse(0) { Ending = HttpEnding.Reset };
            case EmulatorFaultKind.Garbage:
                return HttpResponse.Text(200, "text/html; charset=utf-8", Html);
            case EmulatorFaultKind.Redirect:
                return new HttpResponse(fault.StatusCode).With("Location", fault.Location!.AbsoluteUri);
            default:
                return Status(fault, requestId);
        }
    }

    private static HttpResponse Status(EmulatorFault fault, string requestId)
    {
        var response = fault.Body is null
            ? ApiErrors.Create(fault.StatusCode, "scripted_fault", "A scripted fault of the emulator.", requestId)
            : HttpResponse.Text(fault.StatusCode, fault.ContentType, fault.Body);
        return fault.RetryAfterSeconds is { } seconds
            ? response.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))
            : response;
    }
}
