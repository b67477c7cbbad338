namespace NanoBanana.Client.Purchases;

/// <summary>
/// Counts the submissions of a run that have a reservation in a budget and no answer yet. If one of them is rejected, its reservation is
/// released. Therefore a request that does not fit waits for them before it ends submitting.
/// </summary>
internal sealed class RunIntents
{
    private readonly object _lock = new();
    private TaskCompletionSource<bool> _change = NewChange();
    private int _count;

    /// <summary>Counts a request that tries to reserve its worst case.</summary>
    public void Add()
    {
        lock (_lock)
            _count++;
    }

    /// <summary>Removes a submission that was answered, or a request without a reservation.</summary>
    /// <param name="isReleased">Whether its reservation was released, because nothing was bought.</param>
    public void Remove(bool isReleased)
    {
        TaskCompletionSource<bool>? change = null;
        lock (_lock)
        {
            if (--_count == 0 || isReleased)
                (change, _change) = (_change, NewChange());
        }
        change?.TrySetResult(true);
    }

    /// <summary>Removes a request that does not fit, and waits until it may fit.</summary>
    /// <returns>A task that ends when a reservation may be released; null if the run has no other reservation without an answer.</returns>
    public Task? WaitForRelease()
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
