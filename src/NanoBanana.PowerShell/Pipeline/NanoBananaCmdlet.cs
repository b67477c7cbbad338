using NanoBanana.Errors;

namespace NanoBanana.Pipeline;

/// <summary>
/// A command that does async work: what it starts in <see cref="Accept"/> goes on beside the pipeline, what is ready is
/// written as soon as the pipeline thread comes by, and the rest when the input has ended.
/// </summary>
public abstract class NanoBananaCmdlet : ModuleCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Pump? _pump;
    private bool _concluded;

    /// <summary>Canceled by Ctrl+C, and when the pipeline ends in any way.</summary>
    private protected CancellationToken StopToken => _stop.Token;

    private protected Pump Pump => _pump ??= new Pump(this, new ProgressBoard(Stage));

    /// <summary>What its progress is shown as.</summary>
    private protected abstract ProgressStage Stage { get; }

    /// <summary>Checks what can be checked before any input: here an error may end the pipeline, nothing is paid for yet.</summary>
    protected abstract void Begin();

    /// <summary>Takes one input object and starts its work.</summary>
    protected abstract void Accept();

    /// <summary>What is to be said when all work has ended.</summary>
    protected virtual void Conclude()
    {
    }

    /// <summary>What is to be told to a person when the command ends before its work. May run on a thread that can't use the pipeline.</summary>
    protected virtual void Interrupted()
    {
    }

    /// <summary>The whole pipeline has ended, the commands after this one too.</summary>
    protected virtual void Leave()
    {
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        base.BeginProcessing();
        this.OrTerminate(Begin);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        Accept();
        Pump.Drain();
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Pump.DrainToEnd();
        Conclude();
        _concluded = true;
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => Abandon();

    /// <summary>Ends the waits that nobody will see the end of. What was paid for goes on at the service.</summary>
    public void Dispose()
    {
        // A command below that throws or has enough ends the pipeline without StopProcessing.
        if (!_stop.IsCancellationRequested && _pump is not null)
            Abandon();
        Leave();
        GC.SuppressFinalize(this);
    }

    private void Abandon()
    {
        Pump.Stop();
        _stop.Cancel();
        // Last, so that nothing more is written and what is said to be in hand is all there is.
        if (!_concluded)
            Interrupted();
    }
}
