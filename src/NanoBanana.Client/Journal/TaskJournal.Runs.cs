using NanoBanana.Client.Files;

namespace NanoBanana.Client.Journal;

/// <content>The start, the stop and the end of runs.</content>
public sealed partial class TaskJournal
{
    /// <summary>Stops submitting in all runs of a batch that have started, in all processes. Accepted tasks continue.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The service; null for all.</param>
    public Task StopAsync(string batch, Uri? endpoint) => WriteAsync(changes =>
    {
        changes.Budget.Stop(batch, endpoint, ProcessIdentity.DisplayName(ProcessIdentity.Mine));
        return true;
    });

    /// <summary>Keeps the journal open and the lease of this process valid until the run has ended.</summary>
    private void StartRun(ImageRun run, Uri endpoint)
    {
        if (_leases.AddRun(run.Id))
            run.Store = RunStoreOf(run, endpoint, Use());
    }

    private Func<Task> RunStoreOf(ImageRun run, Uri endpoint, IDisposable? use) => async () =>
    {
        try
        {
            await WriteAsync(changes =>
            {
                // If all claims of the run were refused, it has no entry yet.
                changes.AddRun(run, endpoint);
                changes.StoreRun(run);
                return true;
            }).ConfigureAwait(false);
        }
        finally
        {
            // A run that was stopped is stored while its process still works.
            if (run.EndedAt is not null && _leases.RemoveRun(run.Id))
            {
                await FlushAsync().ConfigureAwait(false);
                use?.Dispose();
            }
        }
    };
}
