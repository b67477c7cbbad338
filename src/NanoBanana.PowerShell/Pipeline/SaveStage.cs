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
    private readonly FileItems _items = session.MakeFileItems();
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
    public string? SizeWarning()
    {
        if (_otherSizes.IsEmpty)
            return null;
        (int count, string[] files, int more) = _otherSizes.Read();
        return Messages.OtherSizes(count, files, more);
    }

    /// <summary>The warning about images whose saved files no longer exist; null without such images.</summary>
    public string? MovedWarning()
    {
        if (_moved.IsEmpty)
            return null;
        (int count, string[] files, _) = _moved.Read();
        return Messages.SavedBefore(count, files[0]);
    }

    /// <summary>The warning about images that other machines have saved; null without such images.</summary>
    public string? ElsewhereWarning()
    {
        if (_savedElsewhere.IsEmpty)
            return null;
        (int count, string[] machines, int more) = _savedElsewhere.Read();
        return Messages.SavedElsewhere(count, machines, more);
    }

    /// <summary>Saves all images of a task. For a task without an image, the client throws the error.</summary>
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
        // Without the token, which would cost more time than the wait. A stop first ends the saves before this one, and then this one.
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
            PSObject file = ToFile(saved, saved.Task with { SavedTo = files ?? (IReadOnlyCollection<string>)[saved.Path] });
            _pump.PostObject(file, display is null ? null : to => display.ShowSaved(to, saved.Path));
            return true;
        }
        catch (NanoBananaException e)
        {
            // The other images are still saved.
            session.Fail(task, e);
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
    private PSObject ToFile(SavedImage saved, ImageTask task)
    {
        PSObject file = _items.Of(saved.Path, "NanoBanana.SavedImage");
        FileItems.Add(file, "PixelSize", saved.PixelSize);
        FileItems.Add(file, "RequestedSize", saved.RequestedSize);
        FileItems.Add(file, "IsAsRequested", saved.IsAsRequested);
        FileItems.Add(file, "Task", task);
        return file;
    }

    /// <summary>A number of images and the first examples. Even in a run of a million images, it stores only these examples.</summary>
    private sealed class Examples
    {
        private const int MaximumExamples = 3;

        private readonly List<string> _examples = [];
        private int _count;
        private int _more;

        public bool IsEmpty => Volatile.Read(ref _count) == 0;

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

        public (int Count, string[] Examples, int More) Read()
        {
            lock (_examples)
                return (_count, [.. _examples], _more);
        }
    }
}
