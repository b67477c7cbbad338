using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage.Sqlite;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>A journal that another user prepared. Definitions in its schema run inside our queries.</summary>
public sealed class CraftedSchemaTests : JournalTest
{
    private const string TaskAsView = "ALTER TABLE task RENAME TO hidden; CREATE VIEW task AS SELECT * FROM hidden";
    private const string EndlessView =
        "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";

    public static TheoryData<string, string> Additions => new()
    {
        { EndlessView, "view 'endless'" },
        { TaskAsView, "'hidden'" },
        { "CREATE TRIGGER steal AFTER INSERT ON task BEGIN UPDATE task SET held_key = NULL; END", "trigger 'steal'" },
        { "CREATE TABLE extra (text TEXT)", "table 'extra'" },
        { "CREATE INDEX slow ON task (snapshot)", "index 'slow'" },
        { "CREATE UNIQUE INDEX task_prompt ON task (substr(snapshot, 1, 5))", "index 'task_prompt'" },
        { "ANALYZE", "sqlite_stat1" },
        { "ALTER TABLE task ADD COLUMN seen INTEGER AS (length(snapshot))", "table 'task'" },
        { "ALTER TABLE file ADD COLUMN bad INTEGER CHECK (bad > 0)", "table 'file'" },
        { "DROP INDEX task_unsaved; CREATE INDEX task_unsaved ON task (unsaved) WHERE unsaved = 0", "index 'task_unsaved'" },
        { "DROP TABLE file", "has no 'file'" },
        { "DROP INDEX task_batch", "has no 'task_batch'" },
        { "PRAGMA user_version = 0", "version 0" },
    };

    [Theory]
    [MemberData(nameof(Additions))]
    public void An_unexpected_schema_is_refused_by_the_writer_and_by_readers(string sql, string named)
    {
        Open().Dispose();
        Execute(sql);
        byte[] before = AllBytes();

        var ofWriter = Assert.Throws<NanoBananaException>(() => Open());
        Assert.Equal(before, AllBytes());
        var ofReader = Assert.Throws<NanoBananaException>(() => Handle().Read());

        Assert.Equal((NanoBananaErrorKind.JournalRequired, NanoBananaErrorKind.JournalRequired), (ofWriter.Kind, ofReader.Kind));
        Assert.Contains(named, ofWriter.Message, StringComparison.Ordinal);
        Assert.Contains(named, ofReader.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void An_unknown_version_is_refused(int version)
    {
        Open().Dispose();
        Execute($"PRAGMA user_version = {version}");
        Assert.Equal(NanoBananaErrorKind.JournalRequired, Assert.Throws<NanoBananaException>(() => Open()).Kind);
        Assert.Equal(NanoBananaErrorKind.JournalRequired, Assert.Throws<NanoBananaException>(() => Handle().Read()).Kind);
    }

    [Fact]
    public void A_name_in_the_schema_cannot_control_the_terminal()
    {
        Open().Dispose();
        Execute("CREATE TABLE \"a\u001b[2J\u202eb\" (i)");
        string message = Assert.Throws<NanoBananaException>(() => Open()).Message;
        Assert.DoesNotContain("\u001b", message, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_with_other_line_ends_in_its_schema_is_accepted()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        string tables = SqliteSchema.Steps[0].Replace("\r\n", "\n", StringComparison.Ordinal);
        Execute(
            tables.Replace("\n", "\r\n", StringComparison.Ordinal)
            + $"; PRAGMA application_id = {SqliteSchema.ApplicationId}; PRAGMA user_version = 1");
        Assert.Empty(Open().Reader.List(new JournalFilter()));
    }

    [Theory]
    [InlineData("created_at = 9000000000000000000")]
    [InlineData("created_at = -9000000000000000000")]
    [InlineData("updated_at = -9000000000000000000, owner = 'elsewhere/1/1'")]
    [InlineData("snapshot = 'null'")]
    [InlineData("snapshot = '[1]'")]
    [InlineData("snapshot = '{\"CreatedAt\":\"never\"}'")]
    [InlineData("status = 'Odd'")]
    [InlineData("protocol = 'Odd'")]
    [InlineData("owner = '////'")]
    public async Task Invalid_values_are_read_or_refused_with_a_journal_error(string values)
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request(batch: "b"), "id1");
        Execute($"UPDATE task SET {values}");
        Action[] readings =
        [
            () => journal.Reader.List(new JournalFilter()),
            () => journal.Reader.Batch("b"),
            () => journal.Reader.Batches(),
            () => journal.Reader.FindById("id1"),
        ];
        foreach (Action read in readings)
        {
            if (Record.Exception(read) is { } error)
                Assert.Equal(NanoBananaErrorKind.JournalRequired, Assert.IsType<NanoBananaException>(error).Kind);
        }
    }
}
