using System.Globalization;
using System.Text;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Faults;

/// <summary>The fault of a request, determined when the request arrives.</summary>
/// <param name="Fault">The fault, or null.</param>
/// <param name="Release">Completes at the next release of stalled requests.</param>
/// <param name="TaskId">The id of the request's task; empty for none.</param>
internal readonly record struct RequestFault(EmulatorFault? Fault, Task Release, string TaskId);

/// <summary>Runs requests with their faults, for both hosts and all dialects.</summary>
internal sealed class FaultRunner(TaskStore tasks, EmulatorOptions options, CounterBoard counters)
{
    /// <summary>The start of a task, with an id that does not end.</summary>
    private static readonly ArraySegment<byte> Endless = new(Encoding.ASCII.GetBytes("{\"id\":\"" + new string('a', 65536)));

    private readonly FaultPlan _plan = new(options);
    private TaskCompletionSource<bool> _release = NewSource();

    public void Enqueue(EmulatorOperation operation, EmulatorFault fault) => _plan.Enqueue(operation, fault);

    /// <summary>Answers the stalled requests. Later ones wait for the next release.</summary>
    public void Release() => Interlocked.Exchange(ref _release, NewSource()).TrySetResult(true);

    /// <summary>
    /// Takes the fault of a request. Call it before the request is counted. A test that waits for the count and then releases
    /// stalled requests must release this request, too.
    /// </summary>
    public RequestFault Take(EmulatorOperation operation, HttpRequest request, string taskId) =>
        new(_plan.Take(operation, request, taskId), Volatile.Read(ref _release).Task, taskId);

    /// <summary>Carries out a request with its fault.</summary>
    /// <param name="taken">The result of <see cref="Take"/>.</param>
    /// <param name="requestId">The request's id, for error bodies.</param>
    /// <param name="handle">Carries out the request.</param>
    /// <param name="stopping">Ends stalls.</param>
    public async ValueTask<HttpResponse> RunAsync(
        RequestFault taken, string requestId, Func<HttpResponse> handle, CancellationToken stopping)
    {
        if (taken.Fault is not { } fault)
            return handle();

        counters.CountFault(fault.Kind);
        if (fault.StatusWord is not null)
            tasks.Find(taken.TaskId)?.ReportNext(fault.StatusWord);
        var accepted = fault.IsAfterAccept ? handle() : null;
        switch (fault.Kind)
        {
            case EmulatorFaultKind.Stall:
                await taken.Release.WaitAsync(Timeout.InfiniteTimeSpan, options.TimeProvider, stopping).ConfigureAwait(false);
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
                return fault.StatusCode > 0 ? Status(fault, requestId) : Damage(accepted!, fault);
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
            ? ApiDialect.StandardError(fault.StatusCode, code, Messages.ScriptedFault, requestId)
            : HttpResponse.Text(fault.StatusCode, fault.Body, fault.ContentType);
        if (fault.RetryAfterSeconds is not { } seconds)
            return response;
        return response.With("Retry-After", fault.IsRetryAfterDate
            ? options.TimeProvider.GetUtcNow().AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture)
            : seconds.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Damages a right answer.</summary>
    private static HttpResponse Damage(HttpResponse answer, EmulatorFault fault)
    {
        long part = Math.Min(answer.Length, fault.BytesBeforeCut ?? answer.Length / 2);
        switch (fault.Kind)
        {
            case EmulatorFaultKind.CutBody:
                (answer.CutAfter, answer.Ending) = (part, HttpEnding.Close);
                break;
            case EmulatorFaultKind.StallBody:
                (answer.CutAfter, answer.Ending) = (part, HttpEnding.Stall);
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

    /// <remarks>The connection is closed after the body, because the body is not complete JSON.</remarks>
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
