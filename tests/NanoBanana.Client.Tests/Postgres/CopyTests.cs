using System.Data.Common;
using NanoBanana.Client.Tests.Journal;

namespace NanoBanana.Client.Tests.Postgres;

public class CopyTestsFromSqliteToPostgres : CopyTests
{
    private readonly TestDatabase _database = new();

    private protected override string Destination => _database.Url;

    private protected override DbConnection ConnectToDestination() => _database.Connect();

    private protected override string ThisMachine => Environment.MachineName;

    [Fact]
    public async Task A_prompt_with_a_character_that_PostgreSQL_does_not_store_is_copied()
    {
        await AcceptTaskAsync(Open(), Request("a\0fox"), "id1");

        Assert.Equal((1, 0), (Copy() is var result ? result.Copied : 0, result.AlreadyThere));

        Assert.Equal("a\uFFFDfox", Open(path: Destination).Reader.Find(Endpoint, "id1")!.Prompt);
        Assert.Equal(1, Copy().AlreadyThere);
    }
}

public class CopyTestsFromPostgresToSqlite : CopyTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();
}

public sealed class CopyTestsFromPostgresToPostgres : CopyTestsFromPostgresToSqlite
{
    private readonly TestDatabase _database = new();

    private protected override string Destination => _database.Url;

    private protected override DbConnection ConnectToDestination() => _database.Connect();

    private protected override string ThisMachine => Environment.MachineName;
}
