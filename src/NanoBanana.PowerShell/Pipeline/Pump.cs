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
internal sealed class Pump(NanoBananaCmdlet cmdlet, ProgressTracker progress, StopNotice notice) : IClientObserver
{
    private readonly object _lock = new();
    private readonly MessageQueue _messages = new();
    private readonly bool _verbose = cmdlet.IsVerbose;
    private readonly bool _debug = cmdlet.IsDebug;
    private readonly RecentTasks _recent = RunspaceData.Current.RecentTasks;
    private bool _hasStarted;
    private volatile int _runningCount;
    private int _maximumRunningCount = int.MaxValue;
    private Action? _whenIdle;
    private Action? _onWorkEnded;

    public ProgressTracker Progress => progress;

    /// <summary>Whether work is running.</summary>
    public bool HasWork => _runningCount > 0;

    /// <summary>The event log; null without logging.</summary>
    public EventLog? Log { private get; set; }

    /// <summary>Starts work on the thread pool. <see cref="DrainToEnd"/> waits for it.</summary>
    /// <param name="work">The work. It posts its own messages.</param>
    /// <param name="target">The user's input, as the target object of an error.</param>
    public void Start(Func<Task> work, object target)
    {
        progress.Add();
        _hasStarted = true;
        lock (_lock)
            _runningCount++;
        // An unexpected exception is also reported as an error, so that it is not lost in an unobserved task.
        Background.RunOnPool(
            work,
            e => PostError(e is NanoBananaException known ? known.ToErrorRecord(known.Task ?? target) : ErrorCatalog.Unexpected(e, target)),
            _onWorkEnded ??= OnWorkEnded);
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

    /// <summary>Adds a task to the ids that completion offers. Ignores any other object.</summary>
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
        _maximumRunningCount = maximum;
        DrainUntil(() => _runningCount < maximum);
    }

    /// <summary>Writes messages until all work has ended and all of its messages are written.</summary>
    /// <param name="flush">Runs after the work. Without work it does not run, because a command that only reads creates no journal.</param>
    public void DrainToEnd(Func<Task> flush)
    {
        progress.IsTotalKnown = true;
        DrainUntil(() => _runningCount == 0);
        if (_hasStarted)
            Await(flush);
        Drain();
        if (progress.LastRecord() is { } last)
            cmdlet.WriteProgress(last);
    }

    /// <summary>Waits on the pipeline thread for work on another thread, and writes messages until it has ended.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public void Await(Func<Task> work) => DrainUntilEnd(Task.Run(work)).GetAwaiter().GetResult();

    /// <inheritdoc cref="Await(Func{Task})"/>
    public T Await<T>(Func<Task<T>> work) => DrainUntilEnd(Task.Run(work)).GetAwaiter().GetResult();

    /// <inheritdoc cref="MessageQueue.Pause"/>
    public void Pause() => _messages.Pause();

    /// <inheritdoc cref="MessageQueue.Stop"/>
    public void Stop() => _messages.Stop();

    /// <summary>Waits on any thread until all work has ended or the limit is reached.</summary>
    public void WaitForWork(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        lock (_lock)
        {
            while (_runningCount > 0 && limit - clock.Elapsed is { Ticks: > 0 } left)
                Monitor.Wait(_lock, left);
        }
    }

    /// <summary>Runs an action when all work has ended: immediately, or after the last work.</summary>
    public void WhenIdle(Action action)
    {
        lock (_lock)
        {
            if (_runningCount > 0)
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
    public void OnEvent(ClientEvent e)
    {
        if (_verbose && e is { Kind: ClientEventKind.Accepted or ClientEventKind.Held, About: ImageTask task })
            _messages.Post(to => to.WriteVerbose(Messages.TaskEvent(e.Kind, task.Id, task.Name)));
        if (Log?.Write(e) is { } warning)
            ((IClientObserver)this).OnWarning(warning);
    }

    void IClientObserver.OnWarning(string message)
    {
        if (_messages.IsPaused)
            notice.Warn(message);
        else
            PostWarning(message);
    }

    /// <summary>Counts ended work, and wakes the threads that wait for it.</summary>
    private void OnWorkEnded()
    {
        progress.Finish();
        Action? whenIdle = null;
        lock (_lock)
        {
            if (--_runningCount < _maximumRunningCount && _runningCount + 1 >= _maximumRunningCount)
                Wake();
            if (_runningCount == 0)
            {
                Monitor.PulseAll(_lock);
                Wake();
                (whenIdle, _whenIdle) = (_whenIdle, null);
            }
        }
        whenIdle?.Invoke();
    }

    private TTask DrainUntilEnd<TTask>(TTask running)
        where TTask : Task
    {
        running.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        DrainUntil(() => running.IsCompleted);
        return running;
    }

    private void ShowProgress()
    {
        if (progress.NextRecord() is { } record)
            cmdlet.WriteProgress(record);
    }
}
