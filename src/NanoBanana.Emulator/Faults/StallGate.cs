namespace NanoBanana.Emulator.Faults;

/// <summary>Holds stalled requests until it is opened; those that come later wait for the next opening.</summary>
internal sealed class StallGate
{
    private TaskCompletionSource<bool> _opened = NewSource();

    public async Task WaitAsync(CancellationToken stopping)
    {
        var opened = Volatile.Read(ref _opened);
        var stopped = NewSource();
        using var registration = stopping.Register(() => stopped.TrySetCanceled(stopping));
        await (await Task.WhenAny(opened.Task, stopped.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }

    public void Open() => Interlocked.Exchange(ref _opened, NewSource()).TrySetResult(true);

    private static TaskCompletionSource<bool> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
