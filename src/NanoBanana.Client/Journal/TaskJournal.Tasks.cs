using NanoBanana.Client.Http;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <content>Accepted tasks: snapshots, leases, files, and a user's verdict.</content>
public sealed partial class TaskJournal
{
    /// <summary>
    /// Stores a newer snapshot. If it failed, was canceled, or completed without an image, its request can be submitted again.
    /// </summary>
    internal Task UpdateAsync(ImageTask task, ApiProtocol protocol) => WriteAsync(changes => changes.Update(task, protocol));

    /// <summary>Leases a task to this process until the lease is disposed.</summary>
    internal Lease LeaseTask(ImageTask task, IClientObserver observer)
    {
        (Uri?, string Id) key = Leases.Key(task);
        if (_leases.Acquire(task))
        {
            Background.Run(
                () => TryAsync(WriteAsync(changes => changes.WriteOwner(key)), observer),
                e => observer.OnWarning(Messages.LeaseNotWritten(key.Id, e.Message)));
        }
        return new Lease(() => Release(key));
    }

    /// <summary>Leases a task to this process, unless another process has a valid lease on it.</summary>
    /// <returns>Null if another process has one.</returns>
    internal async Task<Lease?> TryLeaseTaskAsync(ImageTask task)
    {
        (Uri?, string Id) key = Leases.Key(task);
        _leases.Acquire(task);
        var lease = new Lease(() => Release(key));
        try
        {
            // Another stage of the same pipeline may already have the lease.
            if (_leases.IsOwned(key, _time) || await WriteAsync(changes => changes.WriteOwner(key)).ConfigureAwait(false))
            {
                _leases.SetOwned(key);
                return lease;
            }
        }
        catch
        {
            lease.Dispose();
            throw;
        }
        lease.Dispose();
        return null;
    }

    /// <summary>Records the file of an image, before and after it is renamed to its final name.</summary>
    internal Task RecordFileAsync(ImageTask task, int image, SavedFile file, bool saved) => WriteAsync(
        changes =>
        {
            changes.RecordFile(task, image, file, saved);
            return true;
        },
        // Without the record, another machine would save the image again.
        isRetried: saved && IsShared);

    /// <summary>Records a user's verdict on a submission whose outcome is unknown.</summary>
    /// <param name="task">The task, as it is in the journal.</param>
    /// <param name="id">The id of the accepted task; null if nothing was bought, so that its batch can submit the request again.</param>
    /// <param name="by">The user.</param>
    /// <returns>The task as it is in the journal now.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the id is not valid or is of another entry, or the outcome is not unknown.
    /// </exception>
    public async Task<ImageTask> ResolveAsync(ImageTask task, string? id, string by)
    {
        if (id is not null && !TaskIds.IsUsable(id))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.TaskIdInvalid(TextSafety.Excerpt(id)));
        var verdict = new ImageTaskVerdict { IsBought = id is not null, By = TextSafety.Clean(by), At = _time.GetUtcNow() };
        long row = task.JournalRow ?? (task.Id.Length > 0 ? Reader.RowOf(task) : null)
            ?? throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.TaskNotInJournal) { Task = task };
        return await WriteAsync(changes => changes.Resolve(row, id, verdict)).ConfigureAwait(false);
    }

    /// <summary>Releases a lease with the next commit. The last release of a pipeline writes all deferred releases.</summary>
    private void Release((Uri?, string) task)
    {
        if (!_leases.Release(task))
            return;
        _writer.Defer(connection => ChangesOver(connection).WriteOwner(task));
        if (!_leases.IsWorking)
            Background.Run(FlushAsync, _ => { });
    }
}
