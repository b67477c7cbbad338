using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>
/// Opens version1.db, which the version before schema 2 wrote. Batch zoo: fox accepted twice under one name, owl failed twice, elk,
/// and a task with text only. One task has no batch. The oldest fox is saved as /home/user/images/fox.png.
/// </summary>
public sealed class MigrationTests : JournalTest
{
    private static readonly string[] CurrentPrompts = ["text only", "elk", "owl [fail:5001095]", "a blue fox"];

    public MigrationTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        using Stream fixture = typeof(MigrationTests).Assembly.GetManifestResourceStream("version1.db")!;
        using FileStream file = File.Create(JournalPath);
        fixture.CopyTo(file);
    }

    [Fact]
    public void A_journal_of_version_1_is_migrated_on_opening()
    {
        TaskJournal journal = Open();

        Assert.Equal(["4"], Rows("PRAGMA user_version"));
        Assert.Equal(7, journal.Reader.List(new JournalFilter()).Count);
        Assert.Equal(CurrentPrompts, journal.Reader.Batch("zoo").Select(task => task.Prompt));
        Assert.Equal(["1|2", "3|4"], Rows("SELECT row, superseded_by FROM task WHERE superseded_by IS NOT NULL"));
        Assert.Equal(["0"], Rows("SELECT COUNT(*) FROM task WHERE owner IS NOT NULL"));
    }

    [Fact]
    public void A_task_with_only_text_no_longer_reserves_its_request()
    {
        Open();
        Assert.Equal(["fox", "fox", ""], Rows("SELECT name FROM task WHERE held_key IS NOT NULL ORDER BY row"));
    }

    [Fact]
    public void A_newer_task_can_replace_the_file_of_an_older_one_but_not_vice_versa()
    {
        JournalReader reader = Open().Reader;
        ImageTask older = reader.List(new JournalFilter()).Single(task => task.Prompt == "a red fox");
        ImageTask newer = reader.List(new JournalFilter()).Single(task => task.Prompt == "a blue fox");

        Assert.Single(reader.Superseded(newer, "/home/user/images/fox.png"));
        Assert.Empty(reader.Superseded(older, "/home/user/images/fox.png"));
    }

    [Fact]
    public void A_read_only_command_leaves_the_file_at_version_1()
    {
        using JournalReader reader = Handle().Read()!;

        Assert.Equal(7, reader.List(new JournalFilter()).Count);
        Assert.Equal(CurrentPrompts, reader.Batch("zoo").Select(task => task.Prompt));
        ImageBatch zoo = reader.Summary("zoo", reader.Batches().Single().Endpoint)!;
        Assert.Equal((4, 3), (zoo.Total, zoo.Completed));
        Assert.Equal(3, reader.List(new JournalFilter { Unsaved = true }).Count(task => task.Image.Count > 0));
        Assert.Equal(["1"], Rows("PRAGMA user_version"));
    }

    [Fact]
    public async Task A_migrated_journal_accepts_new_entries()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a new elk", "herd", "elk"), "id1");
        Assert.Equal(["herd", "zoo"], journal.Reader.Batches().Select(batch => batch.Name));
    }
}
