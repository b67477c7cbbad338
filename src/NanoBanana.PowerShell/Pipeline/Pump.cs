using System.Diagnostics;
using System.Management.Automation;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;
using NanoBanana.Completion;
using NanoBanana.Errors;

namespace NanoBanana.Pipeline;

/// <summary>
/// Async work on a synchronous pipeline. Work runs on the thread pool and posts messages; the pipeline thread writes
/// them, either what is ready (<see cref="Drain"/>) or, sleeping in between, until a condition is met.
/// </summary>
/// <param name="cmdlet">Writes the messages.</param>
/// <param name="progress">Counts the work.</param>
/// <param name="notice">Receives warnings when nothing can be written any more.</param>
internal sealed class Pump(NanoBananaCmdlet cmdlet, ProgressBoard progress, StopNotice notice) : IClientObserver
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    private readonly object _lock = new();
    private readonly Queue<PumpMessage> _messages = new();
    private readonly bool _verbose = cmdlet.IsVerbose;
    private readonly bool _debug = cmdlet.IsDebug;
    private readonly RecentTasks _recent = RecentTasks.OfThisRunspace;
    private bool _hasStarted;
    private int _running;
    private Action? _whenIdle;
    private bool _held;
    private bool _stopped;

    /// <summary>Starts work whose end <see cref="DrainToEnd"/> waits for.</summary>
    /// <param name="work">Posts what it has to say.</param>
    /// <param name="target">The user's input that it is about, for an error that it throws.</param>
    public void Start(Func<Task> work, object target)
    {
        progress.Add();
        _hasStarted = true;
        lock (_lock)
            _running++;
        Background.Run(() => Task.Run(() => RunAsync(work, target)), e => PostError(ErrorCatalog.Unexpected(e, target)));
    }

    public void Post(PumpMessage message)
    {
        lock (_lock)
        {
            _messages.Enqueue(message);
            Monitor.PulseAll(_lock);
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

    /// <summary>Has the pipeline thread look at its condition again.</summary>
    public void Nudge()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
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
                ThrowIfStopped();
                // Woken by every message; by the clock only to renew the progress.
                if (_messages.Count == 0 && !condition())
                    Monitor.Wait(_lock, ProgressInterval);
                ThrowIfStopped();
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
    /// <param name="flush">Follows the work. Without any work it is left out: a command that only shows makes no journal.</param>
    public void DrainToEnd(Func<Task> flush)
    {
        progress.IsTotalKnown = true;
        DrainUntil(() => _running == 0);
        if (_hasStarted)
            Await(async () =>
            {
                await flush().ConfigureAwait(false);
                return true;
            });
        Drain();
        if (progress.Last() is { } last)
            cmdlet.WriteProgress(last);
    }

    /// <summary>Waits on the pipeline thread for something that is no work of its own, writing what is ready.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped meanwhile.</exception>
    public T Await<T>(Func<Task<T>> work)
    {
        Task<T> running = Task.Run(work);
        running.ContinueWith(_ => Nudge(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        DrainUntil(() => running.IsCompleted);
        return running.GetAwaiter().GetResult();
    }

    /// <summary>Nothing more is written; the pipeline thread waits for <see cref="Release"/> as soon as it comes by.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _held = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Lets the held pipeline thread leave, with a <see cref="PipelineStoppedException"/>.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _held = _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits on any thread until all work has ended, or for so long.</summary>
    public void WaitForWork(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        lock (_lock)
        {
            while (_running > 0 && limit - clock.Elapsed is { Ticks: > 0 } left)
                Monitor.Wait(_lock, left);
        }
    }

    /// <summary>Runs an action when all work has ended: now, or after the last of it.</summary>
    public void WhenIdle(Action action)
    {
        lock (_lock)
        {
            if (_running > 0)
            {
                _whenIdle = action;
                return;
            }
        }
        action();
    }

    void IClientObserver.OnRequest(RequestTrace trace)
    {
        if (_verbose)
            Post(PumpMessage.Verbose(trace));
        if (_debug)
            Post(PumpMessage.Debug(trace));
    }

    void IClientObserver.OnWarning(string message)
    {
        if (Volatile.Read(ref _held))
            notice.Tell(message);
        else
            Post(PumpMessage.Warning(message));
    }

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
            Action? whenIdle = null;
            lock (_lock)
            {
                // Until then nobody waits for it.
                if (--_running == 0)
                {
                    Monitor.PulseAll(_lock);
                    (whenIdle, _whenIdle) = (_whenIdle, null);
                }
            }
            whenIdle?.Invoke();
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

    /// <summary>For the pipeline thread, which holds the lock.</summary>
    private void ThrowIfStopped()
    {
        while (_held && !_stopped)
            Monitor.Wait(_lock);
        if (_stopped)
            throw new PipelineStoppedException();
    }

    private bool TryTake(out PumpMessage message)
    {
        lock (_lock)
        {
            ThrowIfStopped();
            bool any = _messages.Count > 0;
            message = any ? _messages.Dequeue() : default;
            return any;
        }
    }
}
