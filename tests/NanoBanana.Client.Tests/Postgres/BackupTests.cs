using System.Data.Common;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Tests.Journal;

namespace NanoBanana.Client.Tests.Postgres;

/// <summary>The backup of a shared journal is a SQLite file.</summary>
public sealed class BackupTests : BackupTest
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    [Fact]
    public async Task A_backup_includes_all_entries_and_the_submission_in_flight_of_another_process()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a fox", "b"), "id1");
        await journal.ClaimAsync(Request("an owl", "b"), Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        LeaseTo(TestProcesses.Living);

        JournalBackup.Check(Copy, JournalPath, force: false);
        JournalBackup.Write(journal.Reader, Copy, force: false);

        Assert.Equal([Copy], Directory.GetFiles(Path.GetDirectoryName(Copy)!));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
        IReadOnlyList<ImageTask> tasks = Open(path: Copy).Reader.List(new JournalFilter());
        Assert.Equal([" Unknown", "id1 Running"], tasks.Select(task => $"{task.Id} {task.Status}"));
        Assert.Equal("id2", (await AcceptTaskAsync(journal, Request("an elk"), "id2")).Id);
    }

    [Fact]
    public async Task The_spending_of_a_backup_includes_removed_entries()
    {
        TaskJournal journal = Open();
        ImageTask removed = await AcceptTaskAsync(journal, Request("a fox"), "id1");
        await AcceptTaskAsync(journal, Request("an owl"), "id2");
        await journal.RemoveAsync(removed).WaitAsync(TestTimeout.Limit);

        JournalBackup.Write(journal.Reader, Copy, force: false);

        using DbConnection copy = Connect(Copy);
        Assert.Equal(Rows("SELECT * FROM spending ORDER BY scope"), Rows(copy, "SELECT * FROM spending ORDER BY scope"));
        Assert.Equal(["2"], Rows(copy, "SELECT images FROM spending WHERE scope = (SELECT day FROM task)"));
    }

    [Fact]
    public async Task An_existing_file_is_kept_without_force()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request(), "id1");
        Directory.CreateDirectory(Path.GetDirectoryName(Copy)!);
        await File.WriteAllTextAsync(Copy, "mine");

        var error = Assert.Throws<NanoBananaException>(() => JournalBackup.Write(journal.Reader, Copy, force: false));
        Assert.Equal(NanoBananaErrorKind.WriteFailed, error.Kind);
        Assert.Equal("mine", await File.ReadAllTextAsync(Copy));

        JournalBackup.Write(journal.Reader, Copy, force: true);
        Assert.Single(Open(path: Copy).Reader.List(new JournalFilter()));
    }
}
