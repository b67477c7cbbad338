namespace NanoBanana.Pipeline;

/// <summary>Actions that write to the pipeline. Any thread can post them. The pipeline thread waits for them and runs them.</summary>
internal sealed class MessageQueue
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);
    private static readonly Action<NanoBananaCmdlet> Empty = _ => { };

    private readonly object _lock = new();
    private readonly Queue<Action<NanoBananaCmdlet>> _messages = new();
    private volatile bool _isPaused;
    private volatile bool _isStopped;

    /// <summary>Whether the pipeline thread no longer writes messages.</summary>
    public bool IsPaused => _isPaused;

    public void Post(Action<NanoBananaCmdlet> message)
    {
        lock (_lock)
        {
            _messages.Enqueue(message);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Makes the pipeline thread check its condition again.</summary>
    public void Wake()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    /// <summary>Waits for the next message or a condition, which is checked after every message and every <see cref="Wake"/>.</summary>
    /// <returns>The message; an empty message when the progress must be updated; null when the condition is true.</returns>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public Action<NanoBananaCmdlet>? Take(Func<bool> condition)
    {
        lock (_lock)
        {
            if (!_isPaused && _messages.Count == 0 && !condition())
                Monitor.Wait(_lock, ProgressInterval);
            while (_isPaused && !_isStopped)
                Monitor.Wait(_lock);
            if (_isStopped)
                throw new PipelineStoppedException();
            return _messages.Count > 0 ? _messages.Dequeue() : condition() ? null : Empty;
        }
    }

    /// <summary>Ends writing. The pipeline thread waits for <see cref="Stop"/> at its next message.</summary>
    public void Pause()
    {
        _isPaused = true;
        Wake();
    }

    /// <summary>Ends the wait of the pipeline thread with a <see cref="PipelineStoppedException"/>.</summary>
    public void Stop()
    {
        _isPaused = _isStopped = true;
        Wake();
    }
}
