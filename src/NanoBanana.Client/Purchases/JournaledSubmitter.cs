using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// Buys under the journal's eyes: the intent is durable before the submit leaves, the id before the task is shown. A
/// request of a batch that is held by a task is not bought again.
/// </summary>
internal sealed class JournaledSubmitter(Submitter submitter, NanoBananaClientOptions options)
{
    /// <summary>How often to look whether another process's submit of the same request has been answered.</summary>
    private static readonly TimeSpan HolderInterval = TimeSpan.FromMilliseconds(200);

    public async Task<ImageTask> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        JournalHandle handle = options.Journal();
        if (handle.Open(observer) is not { } journal)
        {
            return request.Batch is null
                ? await submitter.SubmitAsync(request, observer, stop).ConfigureAwait(false)
                : throw new NanoBananaException(NanoBananaErrorKind.JournalRequired, $"-Batch needs the journal, which is what knows what was bought. {handle.Absence}");
        }
        ClaimResult claim;
        try
        {
            claim = await ClaimAsync(journal, request, stop).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired && request.Batch is null)
        {
            journal.GoOn(e, observer);
            return await submitter.SubmitAsync(request, observer, stop).ConfigureAwait(false);
        }
        if (claim.Known is { } known)
        {
            if (known.Status == ImageTaskStatus.Unknown)
                throw StillUnknown(request, known);
            TaskOrigin.Check(known, options);
            return known with { InputIndex = request.InputIndex };
        }
        return await BuyAsync(journal, claim.Row!.Value, request, observer, stop).ConfigureAwait(false);
    }

    private async Task<ClaimResult> ClaimAsync(TaskJournal journal, ImageRequest request, CancellationToken stop)
    {
        while (true)
        {
            ClaimResult claim = await journal.ClaimAsync(request, options.Endpoint, options.Protocol, request.ResubmitUnknown).ConfigureAwait(false);
            if (claim.Known?.Status != ImageTaskStatus.Submitting)
                return claim;
            // Another process is buying it at this moment: its answer is ours too.
            await options.Time.Sleep(HolderInterval, stop).ConfigureAwait(false);
        }
    }

    private async Task<ImageTask> BuyAsync(TaskJournal journal, long row, ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        ImageTask task;
        try
        {
            task = await submitter.SubmitAsync(request, observer, stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Only what certainly bought nothing may be forgotten; a defect of ours is no such certainty.
            bool nothingBought = e is OperationCanceledException or NanoBananaException { Kind: not NanoBananaErrorKind.SubmissionUnknown };
            await journal.TryAsync(nothingBought ? journal.AbandonAsync(row) : journal.LoseAsync(row), observer).ConfigureAwait(false);
            throw;
        }
        await journal.TryAsync(journal.AcceptAsync(row, task, options.Protocol), observer, $"Task {task.Id} was accepted and is paid for.").ConfigureAwait(false);
        if (task.HasEnded)
            await journal.TryAsync(journal.UpdateAsync(task, options.Protocol), observer).ConfigureAwait(false);
        return task;
    }

    private static NanoBananaException StillUnknown(ImageRequest request, ImageTask known) =>
        new(NanoBananaErrorKind.SubmissionUnknown,
            $"'{TextSafety.Excerpt(request.Prompt, 40)}' was sent by an earlier run and what became of it is not known. It may have been bought, so it is not sent again. Check the account at the provider; -ResubmitUnknown buys it again.")
        {
            IsFromJournal = true,
            Task = known,
        };
}
