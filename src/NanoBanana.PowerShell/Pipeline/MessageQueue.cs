namespace NanoBanana.Pipeline;

/// <summary>Messages that write themselves. Any thread posts them; the pipeline thread takes them, and sleeps without them.</summary>
internal sealed class MessageQueue
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);
    private static readonly Action<NanoBananaCmdlet> Nothing = _ => { };

    private readonly object _lock = new();
    private readonly Queue<Action<NanoBananaCmdlet>> _messages = new();
    private volatile bool _isHeld;
    private volatile bool _isStopped;

    /// <summary>Whether nothing is written any more.</summary>
    public bool IsHeld => _isHeld;

    public void Post(Action<NanoBananaCmdlet> message)
    {
        lock (_lock)
        {
            _messages.Enqueue(message);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Has the pipeline thread look at its condition again.</summary>
    public void Nudge()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    /// <summary>Waits for the next message or a condition, which is looked at after every message and every <see cref="Nudge"/>.</summary>
    /// <returns>The message; one that writes nothing when it is time to renew the progress; null when the condition holds.</returns>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped meanwhile.</exception>
    public Action<NanoBananaCmdlet>? Take(Func<bool> condition)
    {
        lock (_lock)
        {
            if (!_isHeld && _messages.Count == 0 && !condition())
                Monitor.Wait(_lock, ProgressInterval);
            while (_isHeld && !_isStopped)
                Monitor.Wait(_lock);
            if (_isStopped)
                throw new PipelineStoppedException();
            return _messages.Count > 0 ? _messages.Dequeue() : condition() ? null : Nothing;
        }
    }

    /// <summary>Nothing more is written; the pipeline thread waits for <see cref="Release"/> as soon as it comes by.</summary>
    public void Hold()
    {
        _isHeld = true;
        Nudge();
    }

    /// <summary>Lets the held pipeline thread leave, with a <see cref="PipelineStoppedException"/>.</summary>
    public void Release()
    {
        _isHeld = _isStopped = true;
        Nudge();
    }
}
