using System.Management.Automation;
using NanoBanana.Client;
using NanoBanana.Completion;
using NanoBanana.Errors;

namespace NanoBanana.Pipeline;

/// <summary>
/// Async work on a synchronous pipeline. Work runs on the thread pool and posts messages; the pipeline thread writes
/// them, either what is ready (<see cref="Drain"/>) or, sleeping in between, until a condition is met.
/// </summary>
/// <param name="cmdlet">Who writes.</param>
/// <param name="progress">What is counted of the work.</param>
internal sealed class Pump(ModuleCmdlet cmdlet, ProgressBoard progress) : IClientObserver
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    private readonly object _lock = new();
    private readonly Queue<PumpMessage> _messages = new();
    private readonly bool _verbose = StreamSwitches.IsVerbose(cmdlet);
    private readonly bool _debug = StreamSwitches.IsDebug(cmdlet);
    private readonly RecentTasks _recent = RecentTasks.OfThisRunspace;
    private int _running;
    private bool _stopped;

    /// <summary>Starts work whose end <see cref="DrainToEnd"/> waits for.</summary>
    /// <param name="work">Posts what it has to say.</param>
    /// <param name="target">The user's input that it is about, for an error that it throws.</param>
    public void Start(Func<Task> work, object target)
    {
        progress.Add();
        HasStarted = true;
        lock (_lock)
            _running++;
        _ = Task.Run(() => RunAsync(work, target));
    }

    public void Post(PumpMessage message)
    {
        lock (_lock)
        {
            _messages.Enqueue(message);
            Monitor.Pulse(_lock);
        }
    }

    public void PostObject(object value)
    {
        Remember(value);
        Post(PumpMessage.Object(value));
    }

    /// <summary>Has a task written that is in hand until it has been: a stopped pipeline takes no more.</summary>
    public void PostTask(ImageTask task, StopNotice notice)
    {
        Remember(task);
        Post(PumpMessage.Task(task, notice));
    }

    public void PostError(ErrorRecord record)
    {
        progress.Fail();
        Remember(record.TargetObject);
        Post(PumpMessage.Error(record));
    }

    public ProgressBoard Progress => progress;

    /// <summary>Whether any work was started: without it a command has only read.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Has the pipeline thread look at its condition again.</summary>
    public void Nudge()
    {
        lock (_lock)
            Monitor.Pulse(_lock);
    }

    /// <summary>Writes what is ready, without waiting.</summary>
    public void Drain()
    {
        while (TryTake(out PumpMessage message))
            message.WriteTo(cmdlet);
        ShowProgress();
    }

    /// <summary>Writes until the condition holds; it is looked at after every message and every <see cref="Nudge"/>.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped meanwhile.</exception>
    public void DrainUntil(Func<bool> condition)
    {
        while (true)
        {
            PumpMessage? message = null;
            lock (_lock)
            {
                // Woken by every message; by the clock only to renew the progress.
                if (_messages.Count == 0 && !_stopped && !condition())
                    Monitor.Wait(_lock, ProgressInterval);
                if (_stopped)
                    throw new PipelineStoppedException();
                if (_messages.Count > 0)
                    message = _messages.Dequeue();
                else if (condition())
                    return;
            }
            message?.WriteTo(cmdlet);
            ShowProgress();
        }
    }

    /// <summary>Writes until all work has ended and all of its messages are written.</summary>
    public void DrainToEnd()
    {
        progress.IsTotalKnown = true;
        DrainUntil(() => _running == 0);
        if (progress.Last() is { } last)
            cmdlet.WriteProgress(last);
    }

    /// <summary>Wakes the pipeline thread to leave; work that goes on writes nothing more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    void IClientObserver.OnRequest(RequestTrace trace)
    {
        if (_verbose)
            Post(PumpMessage.Verbose(trace));
        if (_debug)
            Post(PumpMessage.Debug(trace));
    }

    void IClientObserver.OnWarning(string message) => Post(PumpMessage.Warning(message));

    private async Task RunAsync(Func<Task> work, object target)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped on purpose: there is nothing to say and no one to hear it.
        }
        catch (NanoBananaException e)
        {
            PostError(e.ToErrorRecord(e.Task ?? target));
        }
        catch (Exception e)
        {
            // A defect of ours must end as an error that someone reads, not as a task that nobody observes.
            PostError(ErrorCatalog.Unexpected(e, target));
        }
        finally
        {
            progress.Finish();
            lock (_lock)
            {
                // Until then nobody waits for it.
                if (--_running == 0)
                    Monitor.Pulse(_lock);
            }
        }
    }

    /// <summary>Offers a task to whoever presses Tab for an id.</summary>
    public void Remember(object value)
    {
        if (value is ImageTask task)
            _recent.Add(task);
    }

    private void ShowProgress()
    {
        if (progress.Next() is { } record)
            cmdlet.WriteProgress(record);
    }

    private bool TryTake(out PumpMessage message)
    {
        lock (_lock)
        {
            if (_stopped)
                throw new PipelineStoppedException();
            bool any = _messages.Count > 0;
            message = any ? _messages.Dequeue() : default;
            return any;
        }
    }
}
