using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using NanoBanana.Client.Files;
using NanoBanana.Terminals;

namespace NanoBanana.Pipeline;

/// <summary>Saves the images of completed tasks, a limited number at the same time.</summary>
/// <param name="session">The session of the command.</param>
/// <param name="target">The folder or the file for the images.</param>
/// <param name="throttleLimit">The maximum number of downloads at the same time, from 1.</param>
/// <param name="display">Shows each saved image; null to show no images.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle has no resources.")]
internal sealed class SaveStage(CommandSession session, ImageTarget target, int throttleLimit, ImageDisplay? display = null)
{
    private readonly Pump _pump = session.Pump;
    private readonly FileItemFactory _itemFactory = session.CreateItemFactory();
    private readonly SemaphoreSlim _throttle = new(throttleLimit);
    private readonly Examples _otherSizes = new();
    private readonly Examples _moved = new();
    private readonly Examples _savedElsewhere = new();

    public async Task SaveAsync(ImageTask task)
    {
        session.Notice.Add(task);
        // Before the throttle, so that two machines that wait for each other's images can still save their own.
        using IDisposable lease = await session.Client.LeaseToSaveAsync(task, _pump, session.StopToken).ConfigureAwait(false);
        // Shared by the images of one task, so that the task of each file contains all files.
        ConcurrentQueue<string>? files = task.Image.Count > 1 ? new() : null;
        bool isSaved = target.IsExact
            ? await SaveOneAsync(task, files, () => session.Client.SaveBestAsync(task, target, _pump, session.StopToken))
                .ConfigureAwait(false)
            : await SaveAllAsync(task, files).ConfigureAwait(false);
        if (isSaved)
            task.RunItem?.MarkSaved();
        session.Notice.Remove(task);
    }

    /// <summary>The warning about images with another size than requested; null without such images.</summary>
    public string? SizeWarning() => _otherSizes.Describe(Messages.OtherSizes);

    /// <summary>The warning about images whose saved files no longer exist; null without such images.</summary>
    public string? MovedWarning() => _moved.Describe((count, files, _) => Messages.SavedBefore(count, files[0]));

    /// <summary>The warning about images that other machines have saved; null without such images.</summary>
    public string? ElsewhereWarning() => _savedElsewhere.Describe(Messages.SavedElsewhere);

    /// <summary>Saves all images of a task. For a task without an image, the client throws the error.</summary>
    private async Task<bool> SaveAllAsync(ImageTask task, ConcurrentQueue<string>? files)
    {
        bool allSaved = true;
        for (int number = 0; number < Math.Max(1, task.Image.Count); number++)
        {
            int image = number;
            allSaved &= await SaveOneAsync(
                task, files, () => session.Client.SaveAsync(task, image, target, _pump, session.StopToken)).ConfigureAwait(false);
        }
        return allSaved;
    }

    /// <returns>Whether the image is saved.</returns>
    private async Task<bool> SaveOneAsync(ImageTask task, ConcurrentQueue<string>? files, Func<Task<SavedImage>> save)
    {
        // A wait with a token takes more time. After a stop, the running saves end and release this wait.
        await _throttle.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            session.StopToken.ThrowIfCancellationRequested();
            SavedImage saved = await save().ConfigureAwait(false);
            if (saved.IsMoved || saved.Machine is not null)
            {
                if (saved.IsMoved)
                    _moved.Add(Messages.ListedName(Path.GetFileName(saved.Path)));
                else
                    _savedElsewhere.Add(Messages.ListedName(saved.Machine));
                return true;
            }
            if (saved.IsAsRequested == false)
                _otherSizes.Add(Messages.OtherSize(Path.GetFileName(saved.Path), saved.PixelSize, saved.RequestedSize));
            _pump.Progress.AddBytes(saved.Length);
            if (target.WritesMetadata)
                WriteMetadata(saved);
            files?.Enqueue(saved.Path);
            PSObject file = ToItem(saved, saved.Task with { SavedTo = files ?? (IReadOnlyCollection<string>)[saved.Path] });
            _pump.PostObject(file, display is null ? null : to => display.ShowSaved(to, saved.Path));
            return true;
        }
        catch (NanoBananaException e)
        {
            // The other images are still saved.
            session.RecordError(task, e);
            _pump.PostError(e.ToErrorRecord(e.Task ?? task));
            if (target.ProblemOf(e) is { } problem)
                session.StopSubmitting(problem);
            return false;
        }
        finally
        {
            _throttle.Release();
        }
    }

    /// <summary>Writes the metadata file. If this fails, the image is still saved.</summary>
    private void WriteMetadata(SavedImage saved)
    {
        try
        {
            session.Client.Describe(saved, target, _pump);
        }
        catch (NanoBananaException e)
        {
            saved.Task.RunItem?.MarkOtherFileFailed(e.Kind);
            _pump.PostError(e.ToErrorRecord(saved.Task));
            if (target.ProblemOf(e) is { } problem)
                session.StopSubmitting(problem);
        }
    }

    /// <summary>The file as an item with its pixel size, its task and its own view.</summary>
    private PSObject ToItem(SavedImage saved, ImageTask task)
    {
        PSObject file = _itemFactory.Create(saved.Path, "NanoBanana.SavedImage");
        FileItemFactory.Add(file, "PixelSize", saved.PixelSize);
        FileItemFactory.Add(file, "RequestedSize", saved.RequestedSize);
        FileItemFactory.Add(file, "IsAsRequested", saved.IsAsRequested);
        FileItemFactory.Add(file, "Task", task);
        return file;
    }

    /// <summary>Counts images and keeps the first examples, so that a run of a million images needs no more memory.</summary>
    private sealed class Examples
    {
        private const int MaximumExamples = 3;

        private readonly List<string> _examples = [];
        private int _count;
        private int _more;

        public void Add(string text)
        {
            lock (_examples)
            {
                _count++;
                if (_examples.Contains(text))
                    return;
                if (_examples.Count < MaximumExamples)
                    _examples.Add(text);
                else
                    _more++;
            }
        }

        /// <summary>A message from the count, the examples, and the number of other examples; null if nothing was counted.</summary>
        public string? Describe(Func<int, string[], int, string> message)
        {
            lock (_examples)
                return _count == 0 ? null : message(_count, [.. _examples], _more);
        }
    }
}
