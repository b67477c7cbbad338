namespace NanoBanana.Client.Purchases;

/// <summary>
/// The submits of a run that have reserved a part of a budget and are not answered. One of them may be rejected, so that its part is free
/// again: a request that does not fit waits for them before it ends the run.
/// </summary>
internal sealed class RunIntents
{
    private readonly object _lock = new();
    private TaskCompletionSource<bool> _change = NewChange();
    private int _count;

    /// <summary>A request tries to reserve its part.</summary>
    public void Begin()
    {
        lock (_lock)
            _count++;
    }

    /// <summary>A submit is answered, or nothing was reserved for it.</summary>
    /// <param name="hasGivenBack">Whether nothing was bought.</param>
    public void End(bool hasGivenBack)
    {
        TaskCompletionSource<bool>? change = null;
        lock (_lock)
        {
            if (--_count == 0 || hasGivenBack)
                (change, _change) = (_change, NewChange());
        }
        change?.TrySetResult(true);
    }

    /// <summary>A request does not fit.</summary>
    /// <returns>Ends when a part may be free again; null when none of this run can be.</returns>
    public Task? Refuse()
    {
        TaskCompletionSource<bool> change;
        lock (_lock)
        {
            change = _change;
            if (--_count > 0)
                return change.Task;
            _change = NewChange();
        }
        change.TrySetResult(true);
        return null;
    }

    private static TaskCompletionSource<bool> NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
