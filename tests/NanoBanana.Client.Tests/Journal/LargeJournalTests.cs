using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Queries of a large journal. Its times are in docs/performance.md.</summary>
public sealed class LargeJournalTests : JournalTest
{
    private const int Entries = 1234;

    [Fact]
    public void A_list_is_read_in_portions_newest_first_and_complete()
    {
        TaskJournal journal = CreateFilled();
        IReadOnlyList<ImageTask>[] portions = [.. journal.Reader.Portions(new JournalFilter())];

        Assert.True(portions.Length > 2);
        Assert.Equal(
            Enumerable.Range(1, Entries).Reverse().Select(i => $"id{i}"), portions.SelectMany(portion => portion).Select(task => task.Id));
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(700, 600)]
    [InlineData(1200, 100)]
    public void First_and_Skip_apply_across_portions(int skip, int first)
    {
        TaskJournal journal = CreateFilled();
        Assert.Equal(
            Enumerable.Range(1, Entries).Reverse().Skip(skip).Take(first).Select(i => $"id{i}"),
            journal.Reader.List(new JournalFilter { Skip = skip, First = first }).Select(task => task.Id));
    }

    [Fact]
    public async Task Entries_that_do_not_match_are_not_deserialized()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request(batch: "b"), "1");
        await AcceptTaskAsync(journal, Request(batch: "c"), "2");
        Execute("UPDATE task SET snapshot = 'no JSON' WHERE batch = 'c'");
        Assert.Equal("1", Assert.Single(journal.Reader.List(new JournalFilter { Batch = batch => batch == "b" })).Id);
    }

    [Fact]
    public async Task A_list_continues_while_its_entries_are_removed_and_added()
    {
        TaskJournal journal = CreateFilled();
        using IEnumerator<IReadOnlyList<ImageTask>> portions = journal.Reader.Portions(new JournalFilter()).GetEnumerator();
        Assert.True(portions.MoveNext());
        int seen = portions.Current.Count;

        await AcceptTaskAsync(journal, Request("new"), "new");
        Assert.Equal(
            2, await journal.RemoveAsync([.. portions.Current.Take(1), journal.Reader.FindById("id1")!]).WaitAsync(TestTimeout.Limit));
        while (portions.MoveNext())
            seen += portions.Current.Count;

        Assert.Equal(Entries - 1, seen);
    }

    [Fact]
    public void The_newest_matching_prompts_are_returned_before_the_others_are_read()
    {
        TaskJournal journal = CreateFilled();
        Execute("UPDATE task SET snapshot = 'no JSON' WHERE row = 1");
        var looked = new List<string>();
        using IEnumerator<IReadOnlyList<ImageTask>> portions = journal.Reader.Portions(new JournalFilter
        {
            Prompt = prompt =>
            {
                looked.Add(prompt);
                return looked.Count == 7;
            },
        }).GetEnumerator();

        Assert.True(portions.MoveNext());
        Assert.Equal($"id{Entries - 6}", Assert.Single(portions.Current).Id);
        Assert.InRange(looked.Count, 7, Entries / 2);
    }

    [Fact]
    public void A_listed_task_contains_its_renamed_files_and_no_newer_image()
    {
        TaskJournal journal = CreateFilled();
        Execute("DELETE FROM file");
        foreach ((int row, string path, int saved)
            in new[] { (5, "/x/old.png", 1), (6, "/x/old.png", 1), (7, "/x/a\"[1].png", 1), (7, "/x/b.png", 1), (8, "/x/c.png", 0) })
            Execute($"INSERT INTO file (row, image, path, sha256, length, saved) VALUES ({row}, 0, '{path}', 'aa', 1, {saved})");
        Dictionary<string, IReadOnlyCollection<string>?> files = journal.Reader.List(new JournalFilter())
            .ToDictionary(task => task.Id, task => task.SavedTo);

        Assert.Equal(["/x/old.png"], files["id6"]!);
        Assert.Equal(["/x/a\"[1].png", "/x/b.png"], files["id7"]!);
        Assert.Null(files["id5"]);
        Assert.Null(files["id8"]);
    }

    [Fact]
    public void A_lookup_of_version_1_keys_uses_an_index()
    {
        Open();
        Assert.DoesNotContain(
            Rows($"EXPLAIN QUERY PLAN SELECT 1 FROM task WHERE {RequestKey.IsVersion1} LIMIT 1"),
            row => row.Contains("SCAN", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_filter_for_an_entry_finds_the_same()
    {
        JournalReader reader = CreateFilled().Reader;
        Assert.Equal(100, reader.List(new JournalFilter { Batch = name => name == "night-3" }).Count);
        Assert.Equal(200, reader.Count(new JournalFilter { Batch = name => name is "night-3" or "night-4" }));
        Assert.Equal("id77", Assert.Single(reader.List(new JournalFilter { ExactName = "PRODUCT-77", Name = _ => false })).Id);
        Assert.Equal("id77", Assert.Single(reader.List(new JournalFilter { Name = name => name == "product-77" })).Id);
        Assert.Equal(
            "id77",
            Assert.Single(
                reader.List(
                    new JournalFilter { NamePrefix = "PRODUCT-7", Name = name => name.EndsWith("-77", StringComparison.Ordinal) })).Id);
        Assert.Equal(13, reader.Count(new JournalFilter { Status = [ImageTaskStatus.Failed] }));
        Assert.Equal(Entries, reader.Count(new JournalFilter()));
        Assert.Equal(0, reader.Count(new JournalFilter { Endpoint = new Uri("https://other.example/") }));
        Assert.Equal(12, reader.Batches().Count - 1);
        ImageBatch batch = reader.Summary("night-3", null)!;
        Assert.Equal((100, 99, 1, 0, 118800L), (batch.Total, batch.Completed, batch.Failed, batch.Unsaved, batch.TotalTokens));
    }

    [Theory]
    [InlineData("SELECT row FROM task WHERE batch = 'b' AND task.row < 9 ORDER BY task.row DESC LIMIT 5", "task_batch")]
    [InlineData("SELECT row FROM task WHERE name = 'b' COLLATE NOCASE", "task_name")]
    [InlineData(
        "SELECT row FROM task WHERE 1 AND name IS NOT NULL AND name COLLATE NOCASE >= 'x'"
        + " AND name COLLATE NOCASE < 'x' || char(0x10FFFF) AND row < 9 ORDER BY row DESC LIMIT 5",
        "task_name")]
    [InlineData(
        "SELECT row FROM task WHERE 1 AND status <> 'Completed' AND status NOT IN ('Failed') AND row < 9 ORDER BY row DESC LIMIT 5",
        "task_rest")]
    [InlineData("SELECT row FROM task WHERE 1 AND created_at < 5 AND row < 9 ORDER BY row DESC LIMIT 5", "task_list")]
    [InlineData("SELECT row FROM task WHERE unsaved = 1 AND task.row < 9 ORDER BY task.row DESC LIMIT 5", "task_unsaved")]
    [InlineData("SELECT row FROM task WHERE id = 'x' ORDER BY row DESC LIMIT 1", "task_id")]
    [InlineData(JournalChanges.ReleaseTask, "task_id")]
    [InlineData("SELECT MIN(batch) FROM task WHERE batch IS NOT NULL AND batch > ''", "task_batch")]
    [InlineData("SELECT COUNT(*) FROM task WHERE 1 AND status NOT IN ('Failed')", "task_list")]
    public void A_query_uses_its_index(string sql, string index)
    {
        Open();
        Assert.Contains(Rows($"EXPLAIN QUERY PLAN {sql}"), row => row.Contains(index, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_space_of_removed_entries_is_freed()
    {
        TaskJournal journal = CreateFilled();
        await journal.FlushAsync().WaitAsync(TestTimeout.Limit);
        long before = long.Parse(Rows("PRAGMA page_count")[0], System.Globalization.CultureInfo.InvariantCulture);

        await journal.RemoveAsync(journal.Reader.List(new JournalFilter { First = 1000 })).WaitAsync(TestTimeout.Limit);
        await journal.ReturnFreeSpaceAsync().WaitAsync(TestTimeout.Limit);

        Assert.True(long.Parse(Rows("PRAGMA page_count")[0], System.Globalization.CultureInfo.InvariantCulture) < before / 2);
        Assert.Equal(["0"], Rows("PRAGMA freelist_count"));
        Assert.Equal(Entries - 1000, journal.Reader.Count(new JournalFilter()));
    }

    private TaskJournal CreateFilled()
    {
        TaskJournal journal = Open();
        Execute($$"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {{Entries}})
            INSERT INTO task (endpoint, protocol, id, status, batch, name, created_at, updated_at, images, tokens, snapshot)
            SELECT 'https://api.example/', 'Generation', 'id' || i, CASE WHEN i % 100 = 7 THEN 'Failed' ELSE 'Completed' END,
                'night-' || ((i - 1) / 100), 'product-' || i, i, i, 1, CASE WHEN i % 100 = 7 THEN 0 ELSE 1200 END,
                json_object('Id', 'id' || i, 'Status', 'Completed', 'Prompt', 'product ' || i) FROM n
            """);
        return journal;
    }
}
