namespace NanoBanana.Client.Text;

/// <summary>Runs work that nobody awaits. It is the only place that does: an exception always reaches someone.</summary>
internal static class Background
{
    /// <param name="work">The work. It starts on this thread, so what it queues is queued when this method returns.</param>
    /// <param name="onFailure">Receives an exception of the work; never called for a cancellation. Must not throw.</param>
    public static void Run(Func<Task> work, Action<Exception> onFailure) => _ = RunAsync(work, onFailure, null);

    /// <summary>The same on a thread of the pool.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onFailure">Receives an exception of the work; never called for a cancellation. Must not throw.</param>
    /// <param name="atEnd">Follows the work in any case. Must not throw.</param>
    public static void RunOnPool(Func<Task> work, Action<Exception> onFailure, Action atEnd) =>
        ThreadPool.QueueUserWorkItem(_ => _ = RunAsync(work, onFailure, atEnd));

    private static async Task RunAsync(Func<Task> work, Action<Exception> onFailure, Action? atEnd)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Canceled on purpose.
        }
        catch (Exception e)
        {
            onFailure(e);
        }
        finally
        {
            atEnd?.Invoke();
        }
    }
}
