using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

public sealed class FolderSyncTests
{
    [Fact]
    public async Task Calls_that_come_while_a_sync_runs_share_the_next_one_and_all_end()
    {
        using var folder = new TemporaryFolder();
        string other = Directory.CreateDirectory(folder.At("other")).FullName;

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => FolderSync.FlushAsync(i % 3 == 0 ? other : folder.Path))));
        await FolderSync.FlushAsync(folder.Path);
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_no_error()
    {
        using var folder = new TemporaryFolder();
        await FolderSync.FlushAsync(folder.At("gone"));
    }
}
