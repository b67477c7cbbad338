namespace NanoBanana.Emulator.Faults;

/// <summary>Holds stalled requests until it is opened; those that come later wait for the next opening.</summary>
internal sealed class StallGate
{
    private TaskCompletionSource<bool> _opened = NewSource();

    /// <summary>Ends when the gate is next opened.</summary>
    public Task NextOpening => Volatile.Read(ref _opened).Task;

    /// <summary>Waits for an opening.</summary>
    /// <exception cref="OperationCanceledException">The server is being disposed.</exception>
    public static async Task WaitAsync(Task opening, CancellationToken stopping)
    {
        var stopped = NewSource();
        using var registration = stopping.Register(() => stopped.TrySetCanceled(stopping));
        await (await Task.WhenAny(opening, stopped.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }

    public void Open() => Interlocked.Exchange(ref _opened, NewSource()).TrySetResult(true);

    private static TaskCompletionSource<bool> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
