using System.Management.Automation;
using NanoBanana.Client;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;
using NanoBanana.Errors;

namespace NanoBanana.Pipeline;

/// <summary>Submits requests, a bounded number at once, and hands each accepted task on.</summary>
/// <param name="pump">Where its messages go.</param>
/// <param name="client">What to submit with.</param>
/// <param name="throttleLimit">The most submits at once, from 1.</param>
/// <param name="next">What becomes of an accepted task.</param>
/// <param name="notice">Knows which tasks are in hand, also those accepted after the command was stopped.</param>
/// <param name="stop">Ends the waits before a submit leaves.</param>
internal sealed class SubmitStage(
    Pump pump, NanoBananaClient client, int throttleLimit, Func<ImageTask, Task> next, StopNotice notice, CancellationToken stop) : IDisposable
{
    private readonly SubmissionRun _run = client.StartRun();
    private readonly List<(int Index, object Source)> _notBought = [];
    private int _inFlight;

    /// <summary>Starts a submit; waits, writing what is ready, while there are too many.</summary>
    public void Submit(ImageRequest request, object source)
    {
        pump.DrainUntil(() => Volatile.Read(ref _inFlight) < throttleLimit);
        if (_run.StopReason is not null)
        {
            NotBought(request, source);
            return;
        }
        Interlocked.Increment(ref _inFlight);
        pump.Start(() => SubmitAsync(request, source), source);
    }

    /// <summary>The one error that says why submitting has ended and what was not bought; null when all inputs were sent.</summary>
    public ErrorRecord? Conclude()
    {
        if (_run.StopReason is not { } reason || _notBought.Count == 0)
            return null;
        string count = _notBought.Count == 1 ? "1 input was" : $"{_notBought.Count} inputs were";
        var error = new NanoBananaException(reason.Kind, $"Submitting has ended and {count} not bought. {reason.Message}", reason)
        {
            StatusCode = reason.StatusCode,
            ProviderCode = reason.ProviderCode,
            RequestId = reason.RequestId,
        };
        // In the order of the input: answers came as they came.
        object[] sources = [.. _notBought.OrderBy(input => input.Index).Select(input => input.Source)];
        return error.ToErrorRecord(sources.Length == 1 ? sources[0] : sources);
    }

    /// <summary>Releases the leases of the tasks.</summary>
    public void Dispose() => _run.Dispose();

    private async Task SubmitAsync(ImageRequest request, object source)
    {
        ImageTask? task = null;
        try
        {
            task = await _run.SubmitAsync(request, pump, stop).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            if (task is null)
                pump.Nudge();
        }
        if (task is null)
        {
            NotBought(request, source);
            return;
        }
        notice.Add(task);
        Task rest = stop.IsCancellationRequested ? Task.CompletedTask : next(task);
        // After what may just have been posted: the pipeline thread wakes once for both.
        pump.Nudge();
        await rest.ConfigureAwait(false);
    }

    private void NotBought(ImageRequest request, object source)
    {
        lock (_notBought)
        {
            _notBought.Add((request.InputIndex, source));
            if (_notBought.Count == 1)
                pump.Post(PumpMessage.Warning($"Submitting has ended; inputs that follow are not sent. {_run.StopReason!.Message}"));
        }
    }
}
