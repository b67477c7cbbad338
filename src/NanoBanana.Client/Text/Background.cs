namespace NanoBanana.Client.Text;

/// <summary>Runs work that nobody waits for. Its failures are reported, never lost.</summary>
internal static class Background
{
    /// <param name="work">The work.</param>
    /// <param name="onFailure">Receives what the work throws, unless it was canceled.</param>
    public static void Run(Func<Task> work, Action<Exception> onFailure) => _ = RunAsync(work, onFailure);

    private static async Task RunAsync(Func<Task> work, Action<Exception> onFailure)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Ended on purpose.
        }
        catch (Exception e)
        {
            onFailure(e);
        }
    }
}
