#if NET
using System.Runtime.InteropServices;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Writes the names in a folder to the disk. On Unix, syncing a file does not sync its name. Without this, the journal could record an
/// image as saved, and a power failure could remove the name of the file. NTFS has its own log for names.
/// </summary>
/// <remarks>
/// One sync is enough for all names that were created before it started, so files that are saved at the same time share it. Calls that
/// arrive while a sync of the folder runs wait for the next one.
/// </remarks>
internal static class FolderSync
{
#if NET
    /// <summary>The next sync of each folder that has a running sync; null while no call waits for it.</summary>
    private static readonly Dictionary<string, TaskCompletionSource?> Next = new(StringComparer.Ordinal);

#endif
    /// <summary>Syncs a folder. Errors are ignored, because the file itself is complete and has its name.</summary>
    /// <param name="folder">The full path.</param>
    /// <returns>Completes after a sync that started after this call.</returns>
    public static Task FlushAsync(string folder)
    {
#if NET
        if (OperatingSystem.IsWindows())
            return Task.CompletedTask;
        lock (Next)
        {
            if (Next.TryGetValue(folder, out TaskCompletionSource? next))
            {
                Next[folder] = next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return next.Task;
            }
            Next.Add(folder, null);
        }
        Flush(folder);
        FlushNext(folder);
#endif
        return Task.CompletedTask;
    }

#if NET
    /// <summary>Starts the next sync of a folder if a call waits for it.</summary>
    private static void FlushNext(string folder)
    {
        TaskCompletionSource? next;
        lock (Next)
        {
            if (Next.Remove(folder, out next) && next is not null)
                Next.Add(folder, null);
        }
        if (next is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static state =>
                {
                    Flush(state.Folder);
                    state.Waiting.SetResult();
                    FlushNext(state.Folder);
                },
                (Folder: folder, Waiting: next), preferLocal: false);
        }
    }

    private static void Flush(string folder)
    {
        int descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
            return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
#endif
}
