namespace NanoBanana.Client.Journal;

/// <summary>Keeps a task in this process's hands until it is disposed.</summary>
internal sealed class Lease(Action release) : IDisposable
{
    /// <summary>Of a task that no journal knows.</summary>
    public static readonly Lease None = new(() => { });

    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
