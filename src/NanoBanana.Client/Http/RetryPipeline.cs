using NanoBanana.Client.Wire;
using Polly;
using Polly.Retry;

namespace NanoBanana.Client.Http;

/// <summary>
/// Repeats a request until it is answered, its rule forbids another try, or the deadline leaves no room for one. The
/// mechanics are Polly's; the rules are in <see cref="RetryRules"/>.
/// </summary>
internal sealed class RetryPipeline
{
    private static readonly ResiliencePropertyKey<RetryRun> RunKey = new("NanoBanana.Run");

    private readonly RateGate _gate;
    private readonly Func<double> _random;
    private readonly int _maximumRetryCount;
    private readonly ResiliencePipeline<Exchange> _pipeline;

    /// <param name="gate">Closed for all when a server asks for fewer requests.</param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="random">Numbers in [0, 1).</param>
    /// <param name="maximumRetryCount">How many failures to connect in a row are followed by another try.</param>
    public RetryPipeline(RateGate gate, TimeProvider time, Func<double> random, int maximumRetryCount)
    {
        _gate = gate;
        _random = random;
        _maximumRetryCount = maximumRetryCount;
        _pipeline = new ResiliencePipelineBuilder<Exchange> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Exchange>
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = args => new ValueTask<bool>(args.Outcome.Result is { } exchange && PlanRetry(exchange, RunOf(args.Context))),
                DelayGenerator = args => new ValueTask<TimeSpan?>(RunOf(args.Context).NextDelay),
            })
            .Build();
    }

    /// <param name="run">What to send and when again.</param>
    /// <param name="stop">Ends the waits; whether it ends a request is the run's own affair.</param>
    public async Task<Exchange> RunAsync(RetryRun run, CancellationToken stop)
    {
        // Most requests are answered at once, and need nothing of what repeating takes. What must not be repeated stays out
        // of it too: a stop that came meanwhile would take the answer's place.
        Exchange first = await SendOnceAsync(run, stop).ConfigureAwait(false);
        return first.IsSuccess || !run.MayTryAgain(first) ? first : await RepeatAsync(run, first, stop).ConfigureAwait(false);
    }

    private async Task<Exchange> RepeatAsync(RetryRun run, Exchange first, CancellationToken stop)
    {
        Exchange? made = first;
        ResilienceContext context = ResilienceContextPool.Shared.Get(stop);
        try
        {
            context.Properties.Set(RunKey, run);
            return await _pipeline.ExecuteAsync(
                async attempt => Interlocked.Exchange(ref made, null) ?? await SendOnceAsync(run, attempt.CancellationToken).ConfigureAwait(false),
                context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<Exchange> SendOnceAsync(RetryRun run, CancellationToken stop)
    {
        // Not sent: what the service told another request of this key would be its answer to this one.
        if (!await _gate.PassAsync(run.Deadline, stop).ConfigureAwait(false))
            return new Exchange { Reply = new WireReply(429, []) { RetryAfter = _gate.Remaining } };
        stop.ThrowIfCancellationRequested();
        return await run.SendOnce(++run.Attempts, stop).ConfigureAwait(false);
    }

    private bool PlanRetry(Exchange exchange, RetryRun run)
    {
        if (exchange.IsSuccess || !run.MayTryAgain(exchange))
            return false;
        run.FailuresInARow = exchange.MadeProgress ? 1 : run.FailuresInARow + 1;
        if (exchange.Reply is null && run.FailuresInARow > _maximumRetryCount)
            return false;
        run.NextDelay = RetryRules.Backoff(run.FailuresInARow, exchange.Reply?.RetryAfter, _random());
        // Also when this request is out of time: the others of this key have theirs.
        if (exchange is { Reply.Status: 429, BodySent: true })
            _gate.CloseFor(run.NextDelay);
        return run.NextDelay < run.Deadline.Remaining;
    }

    private static RetryRun RunOf(ResilienceContext context) => context.Properties.GetValue(RunKey, null!);
}
