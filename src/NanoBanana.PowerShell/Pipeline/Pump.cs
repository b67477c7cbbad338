using System.Diagnostics;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Pipeline;

/// <summary>
/// Async work on a synchronous pipeline. Work runs on the thread pool and posts messages. Only the pipeline thread can write them: either
/// the messages that are ready, or all messages until a condition is met.
/// </summary>
/// <param name="cmdlet">Writes the messages.</param>
/// <param name="progress">Counts the work.</param>
/// <param name="notice">Receives warnings when the pipeline can no longer write.</param>
internal sealed class Pump(NanoBananaCmdlet cmdlet, ProgressBoard progress, StopNotice notice) : IClientObserver
{
    private readonly object _lock = new();
    private readonly MessageQueue _messages = new();
    private readonly bool _verbose = cmdlet.IsVerbose;
    private readonly bool _debug = cmdlet.IsDebug;
    private readonly RecentTasks _recent = RunspaceData.Current.RecentTasks;
    private bool _hasStarted;
    private volatile int _running;
    private int _maximumRunning = int.MaxValue;
    private Action? _whenIdle;
    private Action? _end;

    public ProgressBoard Progress => progress;

    /// <summary>Whether work is running.</summary>
    public bool HasWork => _running > 0;

    /// <summary>The event log; null without logging.</summary>
    public EventLog? Log { private get; set; }

    /// <summary>Starts work. <see cref="DrainToEnd"/> waits for it.</summary>
    /// <param name="work">The work, which posts its messages.</param>
    /// <param name="target">The user's input, as the target object of an error.</param>
    public void Start(Func<Task> work, object target)
    {
        progress.Add();
        _hasStarted = true;
        lock (_lock)
            _running++;
        // An unexpected exception is also reported as an error, so that it is not lost in an unobserved task.
        Background.RunOnPool(
            work,
            e => PostError(e is NanoBananaException known ? known.ToErrorRecord(known.Task ?? target) : ErrorCatalog.Unexpected(e, target)),
            _end ??= End);
    }

    /// <summary>Posts an object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="before">An action that the pipeline thread runs immediately before it writes the object.</param>
    public void PostObject(object value, Action<NanoBananaCmdlet>? before = null)
    {
        Remember(value);
        _messages.Post(to =>
        {
            before?.Invoke(to);
            to.WriteObject(value);
        });
    }

    /// <summary>Posts a task. It counts as unsaved until it is written, because a stopped pipeline can't write it.</summary>
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
            _recent.MarkNotFound(unknown);
        else
            Remember(record.TargetObject);
        _messages.Post(to => to.WriteError(record));
    }

    public void PostWarning(string text) => _messages.Post(to => to.WriteWarning(text));

    /// <summary>Adds a task to the completion of ids.</summary>
    public void Remember(object value) => _recent.Add(value as ImageTask);

    /// <inheritdoc cref="MessageQueue.Wake"/>
    public void Wake() => _messages.Wake();

    /// <summary>Writes the messages that are ready, without waiting.</summary>
    public void Drain()
    {
        DrainUntil(static () => true);
        ShowProgress();
    }

    /// <summary>Writes messages until the condition is true. It is checked after every message and every <see cref="Wake"/>.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public void DrainUntil(Func<bool> condition)
    {
        while (_messages.Take(condition) is { } write)
        {
            write(cmdlet);
            ShowProgress();
        }
    }

    /// <summary>Writes messages until fewer work items run than this maximum, so that earlier commands don't submit faster.</summary>
    public void WaitUntilBelow(int maximum)
    {
        _maximumRunning = maximum;
        DrainUntil(() => _running < maximum);
    }

    /// <summary>Writes messages until all work has ended and all of its messages are written.</summary>
    /// <param name="flush">Runs after the work. Without work it does not run, because a command that only reads creates no journal.</param>
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

    /// <summary>Waits on the pipeline thread for a task that was not started here, and writes the messages that are ready.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public TTask Await<TTask>(TTask running)
        where TTask : Task
    {
        running.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        DrainUntil(() => running.IsCompleted);
        return running;
    }

    /// <inheritdoc cref="MessageQueue.Hold"/>
    public void Hold() => _messages.Hold();

    /// <inheritdoc cref="MessageQueue.Release"/>
    public void Release() => _messages.Release();

    /// <summary>Waits on any thread until all work has ended or the limit is reached.</summary>
    public void WaitForWork(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        lock (_lock)
        {
            while (_running > 0 && limit - clock.Elapsed is { Ticks: > 0 } left)
                Monitor.Wait(_lock, left);
        }
    }

    /// <summary>Runs an action when all work has ended: immediately, or after the last work.</summary>
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
        // The texts are created only when they are written.
        if (_verbose)
            _messages.Post(to => to.WriteVerbose($"{trace}"));
        if (_debug && !trace.Sent.IsEmpty)
            _messages.Post(to => to.WriteDebug(Messages.BodySent(trace.Method, trace.Target, trace.Sent)));
        if (_debug && !trace.Received.IsEmpty)
            _messages.Post(to => to.WriteDebug(Messages.BodyReceived(trace.Method, trace.Target, trace.Received)));
    }

    /// <inheritdoc/>
    public void OnEvent(ClientEvent what)
    {
        if (_verbose && what is { Kind: ClientEventKind.Accepted or ClientEventKind.Held, About: ImageTask task })
            _messages.Post(to => to.WriteVerbose(Messages.TaskEvent(what.Kind, task.Id, task.Name)));
        if (Log?.Write(what) is { } warning)
            ((IClientObserver)this).OnWarning(warning);
    }

    void IClientObserver.OnWarning(string message)
    {
        if (_messages.IsHeld)
            notice.Warn(message);
        else
            PostWarning(message);
    }

    /// <summary>Counts ended work, and wakes the threads that wait for it.</summary>
    private void End()
    {
        progress.Finish();
        Action? whenIdle = null;
        lock (_lock)
        {
            if (--_running < _maximumRunning && _running + 1 >= _maximumRunning)
                Wake();
            if (_running == 0)
            {
                Monitor.PulseAll(_lock);
                Wake();
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
