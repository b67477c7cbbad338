using Microsoft.Data.Sqlite;
using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>The journal of the bare client stores the same facts as the module that is compared with it.</summary>
public sealed class RivalJournalTests
{
    [Fact]
    public async Task Each_entry_has_its_request_id_and_file_when_the_call_ends()
    {
        using var folder = new TemporaryFolder();
        using var journal = new RivalJournal(folder.At("rival.db"));

        long[] rows = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => journal.IntentAsync($"request {i}")));
        await Task.WhenAll(rows.Select((row, i) => journal.AcceptAsync(row, $"id {i}")));
        await Task.WhenAll(rows.Select((row, i) => journal.FileAsync(row, $"file {i}", [(byte)i])));

        using var other = new SqliteConnection($"Data Source={folder.At("rival.db")};Pooling=False");
        other.Open();
        using SqliteCommand query = other.CreateCommand();
        query.CommandText =
            "SELECT group_concat(request || ', ' || id || ', ' || file || ', ' || hex(sha256), '; ' ORDER BY request) FROM task";
        Assert.Equal("request 0, id 0, file 0, 00; request 1, id 1, file 1, 01; request 2, id 2, file 2, 02", query.ExecuteScalar());
    }

    [Fact]
    public async Task Statements_include_the_start_and_the_end_of_each_commit()
    {
        using var folder = new TemporaryFolder();
        using var journal = new RivalJournal(folder.At("rival.db"));
        long row = await journal.IntentAsync("a fox");
        await journal.AcceptAsync(row, "id");

        Sample counted = journal.Take();

        Assert.Equal((2, 6), (counted.Commits, counted.Statements));
    }
}
