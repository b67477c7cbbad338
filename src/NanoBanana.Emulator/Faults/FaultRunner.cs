using System.Globalization;
using System.Text;
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
    /// <summary>The start of a task, and an id that does not end.</summary>
    private static readonly ArraySegment<byte> Endless = new(Encoding.ASCII.GetBytes("{\"id\":\"" + new string('a', 65536)));

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
                await turn.Release.WaitAsync(Timeout.InfiniteTimeSpan, options.TimeProvider, stopping).ConfigureAwait(false);
                return accepted ?? handle();
            case EmulatorFaultKind.SlowStart:
                await WaitAsync(fault.Delay, stopping).ConfigureAwait(false);
                return accepted!;
            case EmulatorFaultKind.Reset:
                return new HttpResponse(0) { Ending = HttpEnding.Reset };
            case EmulatorFaultKind.HugeBody:
                return Huge(fault.Bytes);
            case EmulatorFaultKind.Redirect:
                return new HttpResponse(fault.StatusCode).With("Location", fault.Location!.ToString());
            default:
                return fault.StatusCode > 0 ? Status(fault, requestId) : Spoil(accepted!, fault);
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

    /// <summary>A right answer, made wrong.</summary>
    private static HttpResponse Spoil(HttpResponse answer, EmulatorFault fault)
    {
        long part = Math.Min(answer.Length, fault.BytesBeforeCut ?? answer.Length / 2);
        switch (fault.Kind)
        {
            case EmulatorFaultKind.CutBody:
                (answer.CutAfter, answer.Ending) = (part, HttpEnding.Close);
                break;
            case EmulatorFaultKind.StallBody:
                (answer.CutAfter, answer.Ending) = (part, HttpEnding.Hold);
                break;
            case EmulatorFaultKind.CutJson:
                (answer.CutAfter, answer.AnnouncedLength) = (part, part);
                break;
            case EmulatorFaultKind.WrongLength:
                (answer.AnnouncedLength, answer.Ending) = (Math.Max(0, answer.Length + fault.Bytes), HttpEnding.Close);
                break;
            case EmulatorFaultKind.WrongContentType:
                answer.ContentType = fault.ContentType;
                break;
        }

        return answer;
    }

    /// <remarks>A client that has seen enough hangs up; one that has read it all gets nothing more on this connection.</remarks>
    private static HttpResponse Huge(long bytes)
    {
        int parts = (int)Math.Min(int.MaxValue, bytes / Endless.Count + 1);
        var response = new HttpResponse(200) { Ending = HttpEnding.Close };
        return response.WithBody("application/json", Enumerable.Repeat(Endless, parts), bytes);
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken stopping) =>
#if NET
        Task.Delay(delay, options.TimeProvider, stopping);
#else
        options.TimeProvider.Delay(delay, stopping);
#endif

    private static TaskCompletionSource<bool> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
