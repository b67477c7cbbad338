namespace NanoBanana.Client.Text;

/// <summary>Starts work without awaiting it. This is the only place that does so, because an exception must always be handled.</summary>
internal static class Background
{
    /// <param name="work">The work. Its synchronous part runs on this thread before this method returns.</param>
    /// <param name="onFailure">Receives an exception of the work; never called for a cancellation. Must not throw.</param>
    public static void Run(Func<Task> work, Action<Exception> onFailure) => _ = RunAsync(work, onFailure, null);

    /// <summary>Starts work on a thread of the thread pool.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onFailure">Receives an exception of the work; never called for a cancellation. Must not throw.</param>
    /// <param name="atEnd">Runs after the work, also after a failure. Must not throw.</param>
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
            // A cancellation is not a failure.
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
