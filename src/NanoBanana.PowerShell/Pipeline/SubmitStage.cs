using NanoBanana.Client.Http;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;

namespace NanoBanana.Pipeline;

/// <summary>Submits requests, a bounded number at once, and hands each accepted task on.</summary>
/// <param name="session">The session of the command.</param>
/// <param name="run">Submits the requests.</param>
/// <param name="throttleLimit">The most submits at once, from 1.</param>
/// <param name="next">What becomes of an accepted task.</param>
internal sealed class SubmitStage(CommandSession session, SubmissionRun run, int throttleLimit, Func<ImageTask, Task> next) : IDisposable
{
    private readonly Pump _pump = session.Pump;
    private readonly StopNotice _notice = session.Notice;
    private readonly List<(int Index, object Source)> _notBought = [];
    private bool _isChecked;
    private Func<bool>? _hasRoom;
    private int _inFlight;

    /// <summary>Why submitting has ended; null while it goes on.</summary>
    public NanoBananaException? StopReason => run.StopReason ?? session.StopReason;

    /// <summary>Starts a submit; waits, writing what is ready, while there are too many.</summary>
    /// <exception cref="NanoBananaException">It is the first one, and no request of the run can be bought.</exception>
    public void Submit(ImageRequest request, object source)
    {
        if (!_isChecked)
            Check(request);
        _isChecked = true;
        _pump.DrainUntil(_hasRoom ??= () => Volatile.Read(ref _inFlight) < throttleLimit);
        request = request with { RunItem = session.Run!.Of(request.Batch).Ask() };
        if (StopReason is not null)
        {
            NotBought(request, source);
            return;
        }
        Interlocked.Increment(ref _inFlight);
        _pump.Start(() => SubmitAsync(request, source), source);
    }

    /// <summary>The one error that says why submitting has ended and what was not bought; null when all inputs were sent.</summary>
    public ErrorRecord? Conclude()
    {
        if (StopReason is not { } reason || _notBought.Count == 0)
            return null;
        string count = _notBought.Count == 1 ? "1 input was" : $"{_notBought.Count} inputs were";
        var error = new NanoBananaException(reason.Kind, $"Submitting has ended and {count} not bought. {reason.Message}", reason)
        {
            StatusCode = reason.StatusCode,
            ProviderCode = reason.ProviderCode,
            RequestId = reason.RequestId,
        };
        // In the order of the input, because answers came as they came; once for all variations of an input.
        object[] sources = [.. _notBought.OrderBy(input => input.Index).GroupBy(input => input.Index).Select(input => input.First().Source)];
        return error.ToErrorRecord(sources.Length == 1 ? sources[0] : sources);
    }

    /// <summary>Releases the leases of the tasks.</summary>
    public void Dispose() => run.Dispose();

    /// <summary>What is wrong for every request is found before the first purchase.</summary>
    private void Check(ImageRequest request) =>
        _pump.Await(Task.Run(() => run.CheckAsync(request))).GetAwaiter().GetResult();

    private async Task SubmitAsync(ImageRequest request, object source)
    {
        ImageTask? task = null;
        _notice.Sending(request);
        try
        {
            task = await run.SubmitAsync(request, _pump, session.StopToken).ConfigureAwait(false);
            if (task is not null)
                _notice.Add(task);
        }
        catch (Exception e)
        {
            if (e is OperationCanceledException)
                request.RunItem!.Skip();
            else
                session.Fail(request, e as NanoBananaException ?? new NanoBananaException(NanoBananaErrorKind.InvalidResponse, e.Message, e));
            if (e is NanoBananaException input && source is PSObject { BaseObject: PSCustomObject })
                throw input.At(RowReader.PlaceOf(source, request.InputIndex ?? 0));
            throw;
        }
        finally
        {
            _notice.Answered(request);
            Interlocked.Decrement(ref _inFlight);
            if (task is null)
                _pump.Nudge();
        }
        if (task is null)
        {
            NotBought(request, source);
            return;
        }
        Task rest = session.StopToken.IsCancellationRequested ? Task.CompletedTask : next(task);
        // After what may just have been posted: the pipeline thread wakes once for both.
        _pump.Nudge();
        await rest.ConfigureAwait(false);
    }

    private void NotBought(ImageRequest request, object source)
    {
        request.RunItem!.Skip();
        session.Run!.EndSubmitting(CommandSession.CauseOf(StopReason!));
        _pump.OnEvent(new ClientEvent(ClientEventKind.Skipped) { About = request, Error = StopReason!.Kind, Message = StopReason.Message });
        lock (_notBought)
        {
            _notBought.Add((request.InputIndex ?? 0, source));
            if (_notBought.Count == 1)
                _pump.PostWarning($"Submitting has ended; inputs that follow are not sent. {StopReason!.Message}");
        }
    }
}
