using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using NanoBanana.Client.Files;
using NanoBanana.Terminals;

namespace NanoBanana.Pipeline;

/// <summary>Saves the pictures of completed tasks, a bounded number at once.</summary>
/// <param name="session">The session of the command.</param>
/// <param name="target">Where the pictures go.</param>
/// <param name="throttleLimit">The most downloads at once, from 1.</param>
/// <param name="display">Shows each image when it is saved; null shows none.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class SaveStage(CommandSession session, PictureTarget target, int throttleLimit, ImageDisplay? display = null)
{
    private readonly Pump _pump = session.Pump;
    private readonly FileItems _items = session.MakeFileItems();
    private readonly SemaphoreSlim _throttle = new(throttleLimit);
    private readonly List<SavedPicture> _misfits = [];
    private readonly List<SavedPicture> _moved = [];
    private readonly List<SavedPicture> _elsewhere = [];

    public async Task SaveAsync(ImageTask task)
    {
        session.Notice.Add(task);
        // Before the throttle: two machines that wait for each other's images must leave room for their own.
        using IDisposable lease = await session.Client.LeaseToSaveAsync(task, _pump, session.StopToken).ConfigureAwait(false);
        // The images of one task share it, so that the task of each file knows all of them.
        ConcurrentQueue<string>? files = task.Image.Count > 1 ? new() : null;
        bool isSaved = target.IsExact
            ? await SaveOneAsync(task, files, () => session.Client.SaveBestAsync(task, target, _pump, session.StopToken)).ConfigureAwait(false)
            : await SaveAllAsync(task, files).ConfigureAwait(false);
        if (isSaved)
            task.RunItem?.Save();
        session.Notice.Remove(task);
    }

    /// <summary>The one warning about images that are not as they were asked for; null when there are none.</summary>
    public string? SizeWarning()
    {
        lock (_misfits)
        {
            if (_misfits.Count == 0)
                return null;
            IEnumerable<string> named = _misfits.Take(3).Select(saved =>
                $"'{TextSafety.Excerpt(Path.GetFileName(saved.Path))}' is {saved.PixelSize}, asked for was {saved.RequestedSize}");
            string more = _misfits.Count > 3 ? $"; and {_misfits.Count - 3} more" : "";
            string count = _misfits.Count == 1 ? "1 image has" : $"{_misfits.Count} images have";
            return $"{count} another shape or size than asked for, and is saved as it came: {string.Join("; ", named)}{more}. The properties RequestedSize and PixelSize of each file tell.";
        }
    }

    /// <summary>The one warning about images that were saved before and are no longer there; null when there are none.</summary>
    public string? MovedWarning()
    {
        lock (_misfits)
        {
            if (_moved.Count == 0)
                return null;
            string count = _moved.Count == 1 ? "1 image was" : $"{_moved.Count} images were";
            string first = TextSafety.Excerpt(Path.GetFileName(_moved[0].Path));
            return $"{count} saved by an earlier run and moved or removed since, such as '{first}': not saved again. -Force saves them "
                + $"again.";
        }
    }

    /// <summary>The one warning about images that other machines have saved; null when there are none.</summary>
    public string? ElsewhereWarning()
    {
        lock (_misfits)
        {
            if (_elsewhere.Count == 0)
                return null;
            string count = _elsewhere.Count == 1 ? "1 image was" : $"{_elsewhere.Count} images were";
            string[] machines = [.. _elsewhere.Select(saved => saved.Machine!).Distinct(StringComparer.Ordinal)];
            string named = string.Join(", ", machines.Take(3).Select(machine => $"'{TextSafety.Excerpt(machine)}'"));
            return $"{count} saved by another machine ({named}{(machines.Length > 3 ? ", ..." : "")}): not saved again. -Force saves them here too.";
        }
    }

    /// <summary>A task without a picture goes through once too: the client knows how to say it.</summary>
    private async Task<bool> SaveAllAsync(ImageTask task, ConcurrentQueue<string>? files)
    {
        bool areSaved = true;
        for (int number = 0; number < Math.Max(1, task.Image.Count); number++)
        {
            int one = number;
            areSaved &= await SaveOneAsync(
                task, files, () => session.Client.SaveAsync(task, one, target, _pump, session.StopToken)).ConfigureAwait(false);
        }
        return areSaved;
    }

    /// <returns>Whether the image is saved.</returns>
    private async Task<bool> SaveOneAsync(ImageTask task, ConcurrentQueue<string>? files, Func<Task<SavedPicture>> save)
    {
        await _throttle.WaitAsync(session.StopToken).ConfigureAwait(false);
        try
        {
            SavedPicture saved = await save().ConfigureAwait(false);
            if (saved.IsMoved || saved.Machine is not null)
            {
                lock (_misfits)
                    (saved.IsMoved ? _moved : _elsewhere).Add(saved);
                return true;
            }
            if (saved.IsAsRequested == false)
            {
                lock (_misfits)
                    _misfits.Add(saved);
            }
            _pump.Progress.AddBytes(saved.Length);
            if (target.WritesMetadata)
                Describe(saved);
            files?.Enqueue(saved.Path);
            PSObject file = ToFile(saved, saved.Task with { SavedTo = files ?? (IReadOnlyCollection<string>)[saved.Path] });
            _pump.PostObject(file, display is null ? null : to => display.ShowSaved(to, saved.Path));
            return true;
        }
        catch (NanoBananaException e)
        {
            // One picture that can't be saved keeps no other from it.
            session.Fail(task, e);
            _pump.PostError(e.ToErrorRecord(e.Task ?? task));
            if (target.ProblemOf(e) is { } problem)
                session.StopBuying(problem);
            return false;
        }
        finally
        {
            _throttle.Release();
        }
    }

    /// <summary>The picture is there and paid for, also when the file beside it can't be.</summary>
    private void Describe(SavedPicture saved)
    {
        try
        {
            session.Client.Describe(saved, target, _pump);
        }
        catch (NanoBananaException e)
        {
            saved.Task.RunItem?.FailBeside(e.Kind);
            _pump.PostError(e.ToErrorRecord(saved.Task));
            if (target.ProblemOf(e) is { } problem)
                session.StopBuying(problem);
        }
    }

    /// <summary>The file as people expect a file, which knows its size and the task that made it, and has a view of its own.</summary>
    private PSObject ToFile(SavedPicture saved, ImageTask task)
    {
        PSObject file = _items.Of(saved.Path, "NanoBanana.SavedImage");
        FileItems.Add(file, "PixelSize", saved.PixelSize);
        FileItems.Add(file, "RequestedSize", saved.RequestedSize);
        FileItems.Add(file, "IsAsRequested", saved.IsAsRequested);
        FileItems.Add(file, "Task", task);
        return file;
    }
}
