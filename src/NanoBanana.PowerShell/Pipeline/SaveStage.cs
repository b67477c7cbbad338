using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using NanoBanana.Client;
using NanoBanana.Client.Files;
using NanoBanana.Errors;

namespace NanoBanana.Pipeline;

/// <summary>Saves the pictures of completed tasks, a bounded number at once.</summary>
/// <param name="pump">Where its messages go.</param>
/// <param name="client">What to download with.</param>
/// <param name="target">Where the pictures go.</param>
/// <param name="throttleLimit">The most downloads at once, from 1.</param>
/// <param name="notice">Knows which tasks are in hand.</param>
/// <param name="stop">Abandons the downloads.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class SaveStage(
    Pump pump, NanoBananaClient client, PictureTarget target, int throttleLimit, StopNotice notice, CancellationToken stop)
{
    private readonly SemaphoreSlim _throttle = new(throttleLimit);

    public async Task SaveAsync(ImageTask task)
    {
        notice.Add(task);
        // A task without a picture goes through once too: the client knows how to say it.
        for (int number = 0; number < Math.Max(1, task.Image.Count); number++)
            await SaveOneAsync(task, number).ConfigureAwait(false);
        notice.Remove(task);
    }

    private async Task SaveOneAsync(ImageTask task, int number)
    {
        await _throttle.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            SavedPicture saved = await client.SaveAsync(task, number, target, pump, stop).ConfigureAwait(false);
            pump.Progress.AddBytes(saved.Length);
            if (target.WritesMetadata)
                Describe(saved);
            pump.PostObject(ToFile(saved));
        }
        catch (NanoBananaException e)
        {
            // One picture that can't be saved keeps no other from it.
            pump.PostError(e.ToErrorRecord(e.Task ?? task));
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
            client.Describe(saved, target, pump);
        }
        catch (NanoBananaException e)
        {
            pump.PostError(e.ToErrorRecord(saved.Task));
        }
    }

    /// <summary>The file as people expect a file, which knows its size and the task that made it, and has a view of its own.</summary>
    private static PSObject ToFile(SavedPicture saved)
    {
        var file = new PSObject(new FileInfo(saved.Path));
        file.TypeNames.Insert(0, "NanoBanana.SavedImage");
        // Not looked for among the file's own: it has none of these names.
        file.Properties.Add(new PSNoteProperty("PixelSize", saved.PixelSize), preValidated: true);
        file.Properties.Add(new PSNoteProperty("Task", saved.Task), preValidated: true);
        return file;
    }
}
