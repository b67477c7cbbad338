#if NET
using System.Runtime.InteropServices;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Puts a folder's names on the disk. On Unix a file's own sync says nothing of its name: without this the journal, which is
/// synced, could call an image saved whose name a power cut has taken. NTFS keeps names in a log of its own.
/// </summary>
/// <remarks>
/// One sync serves all names that were given before it began, so files that are saved at the same time share it. While a sync of a
/// folder runs, those that come wait for the next one.
/// </remarks>
internal static class FolderSync
{
#if NET
    /// <summary>For each folder whose sync runs: the next sync, null while nothing waits for it.</summary>
    private static readonly Dictionary<string, TaskCompletionSource?> Next = new(StringComparer.Ordinal);

#endif
    /// <summary>Best effort: the file is whole and has its name, whatever comes of this.</summary>
    /// <param name="folder">The full path.</param>
    /// <returns>Ends after a sync that began after this call.</returns>
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
    /// <summary>A sync has ended: the next one begins if anything waits for it.</summary>
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
