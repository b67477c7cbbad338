#if NET
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage.Sqlite;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>A journal in a folder that is not writable, like on a read-only mount, on a real file system.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReadOnlyFolderTests : JournalTest
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private string Data => Path.GetDirectoryName(JournalPath)!;

    [Theory]
    [InlineData("journal.db")]
    [InlineData("a journal? 100% #1.db")]
    public async Task A_closed_journal_is_read_without_creating_files_beside_it(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        string path = Path.Combine(Data, name);
        using (TaskJournal journal = Open(path: path))
            await AcceptTaskAsync(journal, Request(batch: "b"), "id1");
        Assert.Equal([path], Directory.GetFiles(Data));
        ReadOnly(() =>
        {
            using JournalReader reader = Handle(path).Read()!;
            Assert.Equal("id1", Assert.Single(reader.List(new JournalFilter())).Id);
            using JournalReader glance = Handle(path).ReadNow()!;
            Assert.Equal("b", Assert.Single(glance.Batches()).Name);
            Assert.Equal([path], Directory.GetFiles(Data));
        });
    }

    [Fact]
    public async Task Entries_in_the_write_ahead_log_are_read()
    {
        if (OperatingSystem.IsWindows())
            return;
        string source = Path.Combine(Folder, "source", "journal.db");
        TaskJournal journal = Open(path: source);
        await AcceptTaskAsync(journal, Request(), "id1");
        await journal.FlushAsync();
        // Without a checkpoint, like after a crash or in a copy of journal and log.
        using (var connection = Connect(source))
            SqliteStore.Execute(connection, "UPDATE task SET status = 'Failed'");
        Directory.CreateDirectory(Data);
        File.Copy(source, JournalPath);
        File.Copy(source + "-wal", JournalPath + "-wal");
        Assert.True(new FileInfo(JournalPath + "-wal").Length > 0);
        string[] copies = Copies();
        ReadOnly(() =>
        {
            using (JournalReader reader = Handle().Read()!)
                Assert.Equal(ImageTaskStatus.Failed, Assert.Single(reader.List(new JournalFilter())).Status);
            Assert.Equal(2, Directory.GetFiles(Data).Length);
        });
        Assert.Equal(copies, Copies());
    }

    [Fact]
    public async Task Submitting_continues_without_the_journal()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (TaskJournal journal = Open())
            await AcceptTaskAsync(journal, Request(), "id1");
        ReadOnly(() =>
        {
            var error = Assert.Throws<NanoBananaException>(() => Handle().Require());
            Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        });
    }

    /// <summary>Acts as a user who can read but not write the folder. Root can write everything.</summary>
    private void ReadOnly(Action action)
    {
        const uint UnprivilegedUser = 65534;
        UnixFileMode readable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(Folder, readable | UnixFileMode.UserWrite);
        File.SetUnixFileMode(Data, readable);
        foreach (string file in Directory.GetFiles(Data))
            File.SetUnixFileMode(file, Readable);
        bool isRoot = OperatingSystem.IsLinux() && FileStatus.CurrentUser == 0;
        try
        {
            // Applies to this thread only. See setfsuid(2).
            if (isRoot)
                _ = SetFileUser(UnprivilegedUser);
            action();
        }
        finally
        {
            if (isRoot)
                _ = SetFileUser(0);
            File.SetUnixFileMode(Data, readable | UnixFileMode.UserWrite);
        }
    }

    private static string[] Copies() =>
        [.. Directory.GetDirectories(Path.GetTempPath(), "nanobanana-journal-*").Order(StringComparer.Ordinal)];

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileUser(uint user);
}
#endif
