using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

public sealed class FolderSyncTests
{
    [Fact]
    public async Task Calls_during_a_sync_share_the_next_sync_and_all_complete()
    {
        using var folder = new TemporaryFolder();
        string other = Directory.CreateDirectory(folder.At("other")).FullName;

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => FolderSync.FlushAsync(i % 3 == 0 ? other : folder.Path))));
        await FolderSync.FlushAsync(folder.Path);
    }

    [Fact]
    public async Task A_missing_folder_is_not_an_error()
    {
        using var folder = new TemporaryFolder();
        await FolderSync.FlushAsync(folder.At("gone"));
    }
}
