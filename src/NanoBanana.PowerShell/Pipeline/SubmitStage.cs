using NanoBanana.Client.Http;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;

namespace NanoBanana.Pipeline;

/// <summary>Submits requests, a limited number at the same time, and passes each accepted task to the next stage.</summary>
/// <param name="session">The session of the command.</param>
/// <param name="run">Submits the requests.</param>
/// <param name="throttleLimit">The maximum number of submissions at the same time, from 1.</param>
/// <param name="next">The next stage for an accepted task.</param>
internal sealed class SubmitStage(CommandSession session, SubmissionRun run, int throttleLimit, Func<ImageTask, Task> next) : IDisposable
{
    private readonly Pump _pump = session.Pump;
    private readonly StopNotice _notice = session.Notice;
    private readonly List<(int Index, object Source)> _skipped = [];
    private bool _isChecked;
    private Func<bool>? _isBelowLimit;
    private int _inFlight;

    /// <summary>Why submitting has ended; null while it continues.</summary>
    public NanoBananaException? StopReason => run.StopReason ?? session.StopReason;

    /// <summary>Starts a submission. At the limit, writes messages until one has ended.</summary>
    /// <exception cref="NanoBananaException">For the first request, if no request of the run can be submitted.</exception>
    public void Submit(ImageRequest request, object source)
    {
        if (!_isChecked)
            Check(request);
        _isChecked = true;
        _pump.DrainUntil(_isBelowLimit ??= () => Volatile.Read(ref _inFlight) < throttleLimit);
        request = request with { RunItem = session.Run!.ForBatch(request.Batch).AddItem() };
        if (StopReason is not null)
        {
            Skip(request, source);
            return;
        }
        Interlocked.Increment(ref _inFlight);
        _pump.Start(() => SubmitAsync(request, source), source);
    }

    /// <summary>
    /// The error with the reason why submitting has ended and the inputs that were not submitted; null if all were submitted.
    /// </summary>
    public ErrorRecord? FinalError()
    {
        if (StopReason is not { } reason || _skipped.Count == 0)
            return null;
        var error = new NanoBananaException(reason.Kind, Messages.InputsNotSubmitted(_skipped.Count, reason.Message), reason)
        {
            StatusCode = reason.StatusCode,
            ProviderCode = reason.ProviderCode,
            RequestId = reason.RequestId,
        };
        // In the order of the input, once for all variations of an input.
        object[] sources = [.. _skipped.OrderBy(input => input.Index).GroupBy(input => input.Index).Select(input => input.First().Source)];
        return error.ToErrorRecord(sources.Length == 1 ? sources[0] : sources);
    }

    /// <summary>Releases the leases of the tasks.</summary>
    public void Dispose() => run.Dispose();

    /// <summary>Finds errors that apply to every request before the first submission.</summary>
    private void Check(ImageRequest request) =>
        _pump.Await(() => run.CheckAsync(request));

    private async Task SubmitAsync(ImageRequest request, object source)
    {
        ImageTask? task = null;
        _notice.SubmissionStarted(request);
        try
        {
            task = await run.SubmitAsync(request, _pump, session.StopToken).ConfigureAwait(false);
            if (task is not null)
                _notice.Add(task);
        }
        catch (Exception e)
        {
            if (e is OperationCanceledException)
                request.RunItem!.MarkSkipped();
            else
                session.RecordError(request, ErrorCatalog.AsKnown(e));
            if (e is NanoBananaException known && source is PSObject { BaseObject: PSCustomObject })
                throw known.At(RowReader.PlaceOf(source, request.InputIndex ?? 0));
            throw;
        }
        finally
        {
            _notice.SubmissionEnded(request);
            Interlocked.Decrement(ref _inFlight);
            if (task is null)
                _pump.Wake();
        }
        if (task is null)
        {
            Skip(request, source);
            return;
        }
        Task rest = session.StopToken.IsCancellationRequested ? Task.CompletedTask : next(task);
        // After the next stage has posted its message, so that the pipeline thread wakes only once.
        _pump.Wake();
        await rest.ConfigureAwait(false);
    }

    private void Skip(ImageRequest request, object source)
    {
        request.RunItem!.MarkSkipped();
        session.Run!.EndSubmitting(CommandSession.CauseOf(StopReason!));
        _pump.OnEvent(new ClientEvent(ClientEventKind.Skipped) { About = request, Error = StopReason!.Kind, Message = StopReason.Message });
        lock (_skipped)
        {
            _skipped.Add((request.InputIndex ?? 0, source));
            if (_skipped.Count == 1)
                _pump.PostWarning(Messages.SubmittingHasEnded(StopReason!.Message));
        }
    }
}
