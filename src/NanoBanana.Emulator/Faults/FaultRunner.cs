using System.Globalization;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Faults;

/// <summary>
/// Stands between the hosts and what they do, below the dialects, and lets a request go wrong if that is its turn.
/// </summary>
internal sealed class FaultRunner(FaultPlan plan, StallGate gate, TaskStore tasks, EmulatorOptions options, CounterBoard counters)
{
    /// <summary>
    /// Draws the fault for a request. To be called before the request is counted: who waits for that count, and then
    /// releases what is stalled, means this request too.
    /// </summary>
    public FaultTurn Begin(EmulatorOperation operation, HttpRequest request, string taskId) =>
        new(plan.Take(operation, request, taskId), gate.NextOpening, taskId);

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

        counters.Faulted(fault.Kind);
        if (fault.StatusWord is not null)
            tasks.Find(turn.TaskId)?.SayNext(fault.StatusWord);
        var accepted = fault.IsAfterAccept ? handle() : null;
        switch (fault.Kind)
        {
            case EmulatorFaultKind.Stall:
                await StallGate.WaitAsync(turn.Opening, stopping).ConfigureAwait(false);
                return accepted ?? handle();
            case EmulatorFaultKind.SlowStart:
                await WaitAsync(fault.Delay, stopping).ConfigureAwait(false);
                return accepted!;
            case EmulatorFaultKind.Reset:
                return new HttpResponse(0) { Ending = HttpEnding.Reset };
            case EmulatorFaultKind.HugeBody:
                return FaultBodies.Huge(fault.Bytes);
            case EmulatorFaultKind.Redirect:
                return new HttpResponse(fault.StatusCode).With("Location", fault.Location!.ToString());
            default:
                return fault.StatusCode > 0 ? Status(fault, requestId) : FaultBodies.Spoil(accepted!, fault);
        }
    }

    private HttpResponse Status(EmulatorFault fault, string requestId)
    {
        var response = fault.Body is null
            ? ApiErrors.Create(fault.StatusCode, CodeOf(fault.StatusCode), "A scripted fault of the emulator.", requestId)
            : HttpResponse.Text(fault.StatusCode, fault.ContentType, fault.Body);
        if (fault.RetryAfterSeconds is not { } seconds)
            return response;
        return response.With("Retry-After", fault.IsRetryAfterDate
            ? options.TimeProvider.GetUtcNow().AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture)
            : seconds.ToString(CultureInfo.InvariantCulture));
    }

    private static string CodeOf(int status) => status switch
    {
        401 => ApiErrors.Unauthorized,
        429 => ApiErrors.RateLimited,
        _ => "SCRIPTED_FAULT",
    };

    private Task WaitAsync(TimeSpan delay, CancellationToken stopping) =>
#if NET
        Task.Delay(delay, options.TimeProvider, stopping);
#else
        options.TimeProvider.Delay(delay, stopping);
#endif
}
