namespace NanoBanana.Client.Journal;

/// <summary>This process's exclusive right to work on an entry, until it is disposed.</summary>
internal sealed class Lease(Action release) : IDisposable
{
    /// <summary>Of a task that is not journaled.</summary>
    public static readonly Lease None = new(() => { });

    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
