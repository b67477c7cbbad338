using System.Data.Common;
using NanoBanana.Client.Tests.Budgets;
using NanoBanana.Client.Tests.Journal;
using NanoBanana.Client.Tests.Purchases;

// The contract of every journal, tested with PostgreSQL. The base classes contain the tests.
namespace NanoBanana.Client.Tests.Postgres;

public sealed class ServiceNamesTestsOverPostgres : ServiceNamesTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class RunTestsOverPostgres : RunTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class DurabilityTestsOverPostgres : DurabilityTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class ListingTestsOverPostgres : ListingTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class SameRequestTestsOverPostgres : SameRequestTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class LeaseTestsOverPostgres : LeaseTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class BatchTestsOverPostgres : BatchTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class BudgetedRunTestsOverPostgres : BudgetedRunTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class SettlementTestsOverPostgres : SettlementTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class ReservationTestsOverPostgres : ReservationTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class StopTestsOverPostgres : StopTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class PurchaseLifeTestsOverPostgres : PurchaseLifeTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class RunLeaseTestsOverPostgres : RunLeaseTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class SupersedeTestsOverPostgres : SupersedeTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TestTimeout.Limit;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}

public sealed class HolderTestsOverPostgres : HolderTests
{
    private readonly TestDatabase _database = new();

    private protected override string JournalPath => _database.Url;

    private protected override string SamePlace => _database.SameUrl;

    private protected override DbConnection ConnectToStore() => _database.Connect();

    private protected override byte[] AllBytes() => _database.AllBytes();
}
