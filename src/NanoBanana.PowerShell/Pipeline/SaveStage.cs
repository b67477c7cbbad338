using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using NanoBanana.Client.Files;
using NanoBanana.Terminals;

namespace NanoBanana.Pipeline;

/// <summary>Saves the images of completed tasks, a bounded number at once.</summary>
/// <param name="session">The session of the command.</param>
/// <param name="target">Where the images go.</param>
/// <param name="throttleLimit">The most downloads at once, from 1.</param>
/// <param name="display">Shows each image when it is saved; null shows none.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class SaveStage(CommandSession session, ImageTarget target, int throttleLimit, ImageDisplay? display = null)
{
    private readonly Pump _pump = session.Pump;
    private readonly FileItems _items = session.MakeFileItems();
    private readonly SemaphoreSlim _throttle = new(throttleLimit);
    private readonly Noted _misfits = new();
    private readonly Noted _moved = new();
    private readonly Noted _elsewhere = new();

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
        if (_misfits.IsEmpty)
            return null;
        (int number, string[] named, int more) = _misfits.Tell();
        return $"{(number == 1 ? "1 image has" : $"{number} images have")} another shape or size than asked for, and is saved as it came: "
            + $"{string.Join("; ", named)}{(more > 0 ? $"; and {more} more" : "")}. The properties RequestedSize and PixelSize of each file tell.";
    }

    /// <summary>The one warning about images that were saved before and are no longer there; null when there are none.</summary>
    public string? MovedWarning()
    {
        if (_moved.IsEmpty)
            return null;
        (int number, string[] named, _) = _moved.Tell();
        return $"{(number == 1 ? "1 image was" : $"{number} images were")} saved by an earlier run and moved or removed since, such as {named[0]}: "
            + "not saved again. -Force saves them again.";
    }

    /// <summary>The one warning about images that other machines have saved; null when there are none.</summary>
    public string? ElsewhereWarning()
    {
        if (_elsewhere.IsEmpty)
            return null;
        (int number, string[] machines, int more) = _elsewhere.Tell();
        return $"{(number == 1 ? "1 image was" : $"{number} images were")} saved by another machine ({string.Join(", ", machines)}{(more > 0 ? ", ..." : "")}): "
            + "not saved again. -Force saves them here too.";
    }

    /// <summary>A task without an image goes through once too: the client knows how to say it.</summary>
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
    private async Task<bool> SaveOneAsync(ImageTask task, ConcurrentQueue<string>? files, Func<Task<SavedImage>> save)
    {
        // Without the token, which would cost each wait more than the wait: a stop ends the saves ahead, and then this one.
        await _throttle.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            session.StopToken.ThrowIfCancellationRequested();
            SavedImage saved = await save().ConfigureAwait(false);
            if (saved.IsMoved || saved.Machine is not null)
            {
                if (saved.IsMoved)
                    _moved.Add($"'{TextSafety.Excerpt(Path.GetFileName(saved.Path))}'");
                else
                    _elsewhere.Add($"'{TextSafety.Excerpt(saved.Machine)}'");
                return true;
            }
            if (saved.IsAsRequested == false)
            {
                _misfits.Add($"'{TextSafety.Excerpt(Path.GetFileName(saved.Path))}' is {saved.PixelSize}, asked for was {saved.RequestedSize}");
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
            // One image that can't be saved keeps no other from it.
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

    /// <summary>The image is there and paid for, also when the file beside it can't be.</summary>
    private void Describe(SavedImage saved)
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
    private PSObject ToFile(SavedImage saved, ImageTask task)
    {
        PSObject file = _items.Of(saved.Path, "NanoBanana.SavedImage");
        FileItems.Add(file, "PixelSize", saved.PixelSize);
        FileItems.Add(file, "RequestedSize", saved.RequestedSize);
        FileItems.Add(file, "IsAsRequested", saved.IsAsRequested);
        FileItems.Add(file, "Task", task);
        return file;
    }

    /// <summary>A number of images, and what is told of the first ones: a run of a million keeps no more of them.</summary>
    private sealed class Noted
    {
        private const int MostTold = 3;

        private readonly List<string> _told = [];
        private int _number;
        private int _more;

        public bool IsEmpty => Volatile.Read(ref _number) == 0;

        public void Add(string text)
        {
            lock (_told)
            {
                _number++;
                if (_told.Contains(text))
                    return;
                if (_told.Count < MostTold)
                    _told.Add(text);
                else
                    _more++;
            }
        }

        public (int Number, string[] Told, int More) Tell()
        {
            lock (_told)
                return (_number, [.. _told], _more);
        }
    }
}
