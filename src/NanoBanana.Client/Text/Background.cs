namespace NanoBanana.Client.Text;

/// <summary>Starts work that nobody awaits. The only place that does: an exception always reaches someone.</summary>
internal static class Background
{
    /// <summary>Starts the work on the thread pool.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onFailure">Logs an exception of the work; never called for a cancellation. Must not throw.</param>
    public static void Run(Func<Task> work, Action<Exception> onFailure) => _ = RunAsync(work, onFailure);

    private static async Task RunAsync(Func<Task> work, Action<Exception> onFailure)
    {
        try
        {
            await Task.Run(work).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Canceled on purpose.
        }
        catch (Exception e)
        {
            onFailure(e);
        }
    }
}
