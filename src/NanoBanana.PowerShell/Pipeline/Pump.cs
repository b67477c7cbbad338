using System.Diagnostics;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Pipeline;

/// <summary>
/// Async work on a synchronous pipeline. Work runs on the thread pool and posts messages that write themselves; the pipeline
/// thread, which alone may write, takes them: those that are ready, or, sleeping in between, all until a condition is met.
/// </summary>
/// <param name="cmdlet">Writes the messages.</param>
/// <param name="progress">Counts the work.</param>
/// <param name="notice">Receives warnings when nothing can be written any more.</param>
internal sealed class Pump(NanoBananaCmdlet cmdlet, ProgressBoard progress, StopNotice notice) : IClientObserver
{
    private readonly object _lock = new();
    private readonly MessageQueue _messages = new();
    private readonly bool _verbose = cmdlet.IsVerbose;
    private readonly bool _debug = cmdlet.IsDebug;
    private readonly RecentTasks _recent = RunspaceData.Current.RecentTasks;
    private bool _hasStarted;
    private volatile int _running;
    private int _room = int.MaxValue;
    private Action? _whenIdle;
    private Action? _end;

    public ProgressBoard Progress => progress;

    /// <summary>Whether work has not ended.</summary>
    public bool HasWork => _running > 0;

    /// <summary>Keeps the events; null where nobody asked for a log.</summary>
    public EventLog? Log { private get; set; }

    /// <summary>Starts work whose end <see cref="DrainToEnd"/> waits for.</summary>
    /// <param name="work">Posts its messages.</param>
    /// <param name="target">The user's input that it is about, for an error that it throws.</param>
    public void Start(Func<Task> work, object target)
    {
        progress.Add();
        _hasStarted = true;
        lock (_lock)
            _running++;
        // A defect of ours, too, must end as an error that someone reads, not as a task that nobody observes.
        Background.RunOnPool(
            work, e => PostError(e is NanoBananaException known ? known.ToErrorRecord(known.Task ?? target) : ErrorCatalog.Unexpected(e, target)),
            _end ??= End);
    }

    /// <summary>Posts an object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="before">What the pipeline thread does right before it writes the object.</param>
    public void PostObject(object value, Action<NanoBananaCmdlet>? before = null)
    {
        Remember(value);
        _messages.Post(to =>
        {
            before?.Invoke(to);
            to.WriteObject(value);
        });
    }

    /// <summary>Posts a task that is in hand until it is written: a stopped pipeline takes no more.</summary>
    public void PostTask(ImageTask task)
    {
        Remember(task);
        _messages.Post(to =>
        {
            to.WriteObject(task);
            notice.Remove(task);
        });
    }

    public void PostError(ErrorRecord record)
    {
        progress.Fail();
        if (record.Exception is NanoBananaException { Kind: NanoBananaErrorKind.TaskNotFound, TaskId: { } unknown })
            _recent.Forget(unknown);
        else
            Remember(record.TargetObject);
        _messages.Post(to => to.WriteError(record));
    }

    public void PostWarning(string text) => _messages.Post(to => to.WriteWarning(text));

    /// <summary>Offers a task to whoever presses Tab for an id.</summary>
    public void Remember(object value) => _recent.Add(value as ImageTask);

    /// <inheritdoc cref="MessageQueue.Nudge"/>
    public void Nudge() => _messages.Nudge();

    /// <summary>Writes what is ready, without waiting.</summary>
    public void Drain()
    {
        DrainUntil(static () => true);
        ShowProgress();
    }

    /// <summary>Writes until the condition holds; it is looked at after every message and every <see cref="Nudge"/>.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped meanwhile.</exception>
    public void DrainUntil(Func<bool> condition)
    {
        while (_messages.Take(condition) is { } write)
        {
            write(cmdlet);
            ShowProgress();
        }
    }

    /// <summary>Writes until less work than this is under way, so that the stages above send no more than this one can take.</summary>
    public void WaitForRoom(int most)
    {
        _room = most;
        DrainUntil(() => _running < most);
    }

    /// <summary>Writes until all work has ended and all of its messages are written.</summary>
    /// <param name="flush">Follows the work. Without any work it is left out: a command that only shows makes no journal.</param>
    public void DrainToEnd(Func<Task> flush)
    {
        progress.IsTotalKnown = true;
        DrainUntil(() => _running == 0);
        if (_hasStarted)
            Await(Task.Run(flush)).GetAwaiter().GetResult();
        Drain();
        if (progress.Last() is { } last)
            cmdlet.WriteProgress(last);
    }

    /// <summary>Waits on the pipeline thread for something that is no work of its own, writing what is ready.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped meanwhile.</exception>
    public TTask Await<TTask>(TTask running)
        where TTask : Task
    {
        running.ContinueWith(_ => Nudge(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        DrainUntil(() => running.IsCompleted);
        return running;
    }

    /// <inheritdoc cref="MessageQueue.Hold"/>
    public void Hold() => _messages.Hold();

    /// <inheritdoc cref="MessageQueue.Release"/>
    public void Release() => _messages.Release();

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

    bool IClientObserver.TracesRequests => _verbose || _debug;

    void IClientObserver.OnRequest(RequestTrace trace)
    {
        // The texts are made only when they are written.
        if (_verbose)
            _messages.Post(to => to.WriteVerbose($"{trace}"));
        if (_debug && !trace.Sent.IsEmpty)
            _messages.Post(to => to.WriteDebug($"{trace.Method} {trace.Target} sent: {trace.Sent}"));
        if (_debug && !trace.Received.IsEmpty)
            _messages.Post(to => to.WriteDebug($"{trace.Method} {trace.Target} received: {trace.Received}"));
    }

    /// <inheritdoc/>
    public void OnEvent(ClientEvent what)
    {
        if (_verbose && what is { Kind: ClientEventKind.Accepted or ClientEventKind.Held, About: ImageTask task })
            _messages.Post(to => to.WriteVerbose($"{what.Kind}: task {task.Id}{(task.Name is null ? "" : $", '{TextSafety.Excerpt(task.Name, 60)}'")}"));
        if (Log?.Write(what) is { } warning)
            ((IClientObserver)this).OnWarning(warning);
    }

    void IClientObserver.OnWarning(string message)
    {
        if (_messages.IsHeld)
            notice.Tell(message);
        else
            PostWarning(message);
    }

    /// <summary>Work has ended.</summary>
    private void End()
    {
        progress.Finish();
        Action? whenIdle = null;
        lock (_lock)
        {
            if (--_running < _room && _running + 1 >= _room)
                Nudge();
            if (_running == 0)
            {
                Monitor.PulseAll(_lock);
                Nudge();
                (whenIdle, _whenIdle) = (_whenIdle, null);
            }
        }
        whenIdle?.Invoke();
    }

    private void ShowProgress()
    {
        if (progress.Next() is { } record)
            cmdlet.WriteProgress(record);
    }
}
