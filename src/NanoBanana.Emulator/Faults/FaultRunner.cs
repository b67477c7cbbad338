using System.Globalization;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Faults;

/// <summary>What a request drew as it came in.</summary>
/// <param name="Fault">The fault that it meets, or null.</param>
/// <param name="Release">Ends when stalled requests are next released.</param>
/// <param name="TaskId">The task that the request is about; empty for none.</param>
internal readonly record struct FaultTurn(EmulatorFault? Fault, Task Release, string TaskId);

/// <summary>
/// Stands between the hosts and what they do, below the dialects, and lets a request go wrong if that is its turn.
/// </summary>
internal sealed class FaultRunner(TaskStore tasks, EmulatorOptions options, CounterBoard counters)
{
    private readonly FaultPlan _plan = new(options);
    private TaskCompletionSource<bool> _release = NewSource();

    public void Enqueue(EmulatorOperation operation, EmulatorFault fault) => _plan.Enqueue(operation, fault);

    /// <summary>Lets stalled requests go on; those that come later wait for the next release.</summary>
    public void Release() => Interlocked.Exchange(ref _release, NewSource()).TrySetResult(true);

    /// <summary>
    /// Draws the fault for a request. To be called before the request is counted: who waits for that count, and then
    /// releases what is stalled, means this request too.
    /// </summary>
    public FaultTurn Begin(EmulatorOperation operation, HttpRequest request, string taskId) =>
        new(_plan.Take(operation, request, taskId), Volatile.Read(ref _release).Task, taskId);

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
                await WaitAsync(turn.Release, stopping).ConfigureAwait(false);
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
        string code = fault.StatusCode switch
        {
            401 => ApiDialect.Unauthorized,
            429 => "RATE_LIMIT_EXCEEDED",
            _ => "SCRIPTED_FAULT",
        };
        var response = fault.Body is null
            ? ApiDialect.StandardError(fault.StatusCode, code, "A scripted fault of the emulator.", requestId)
            : HttpResponse.Text(fault.StatusCode, fault.Body, fault.ContentType);
        if (fault.RetryAfterSeconds is not { } seconds)
            return response;
        return response.With("Retry-After", fault.IsRetryAfterDate
            ? options.TimeProvider.GetUtcNow().AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture)
            : seconds.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task WaitAsync(Task release, CancellationToken stopping)
    {
        var stopped = NewSource();
        using var registration = stopping.Register(() => stopped.TrySetCanceled(stopping));
        await (await Task.WhenAny(release, stopped.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken stopping) =>
#if NET
        Task.Delay(delay, options.TimeProvider, stopping);
#else
        options.TimeProvider.Delay(delay, stopping);
#endif

    private static TaskCompletionSource<bool> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
