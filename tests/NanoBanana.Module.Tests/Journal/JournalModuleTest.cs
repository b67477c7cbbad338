using System.Data.Common;
using System.Reflection;

namespace NanoBanana.Module.Tests.Journal;

/// <summary>A session with its own journal file, which an environment variable names.</summary>
[Collection(ProcessWide.Name)]
public abstract class JournalModuleTest : ModuleTest
{
    private const string Variable = "NANOBANANA_JOURNAL";

    private protected JournalModuleTest() => SetJournal(JournalPath);

    private protected string JournalPath => Folder["journal.db"];

    private protected static void SetJournal(string? journal) => Environment.SetEnvironmentVariable(Variable, journal);

    public override void Dispose()
    {
        base.Dispose();
        SetJournal(null);
        GC.SuppressFinalize(this);
    }

    private protected IReadOnlyList<string> Ids(string script) => [.. Run(script).Ok().Select(task => task.Text("Id"))];

    /// <summary>Waits until a query has the expected value, because some changes are written in the background.</summary>
    private protected void AssertJournalBecomes(string sql, string expected) =>
        Assert.True(SpinWait.SpinUntil(() => Value(sql) == expected, TestTimeout.Limit), $"{sql} is {Value(sql)}, not {expected}.");

    // Uses the module's own SQLite. A second copy of the library in one process breaks the locks of the first one, and its last
    // connection removes the log that the first one still writes to. See "How To Corrupt An SQLite Database File", 2.2.1.
    private protected string Value(string sql)
    {
        using DbConnection connection = Open(JournalPath);
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }

    private protected static DbConnection Open(string path)
    {
        Assembly sqlite = AppDomain.CurrentDomain.GetAssemblies().Single(a => a.GetName().Name == "Microsoft.Data.Sqlite");
        Type type = sqlite.GetType("Microsoft.Data.Sqlite.SqliteConnection", throwOnError: true)!;
        var connection = (DbConnection)Activator.CreateInstance(type, $"Data Source={path};Pooling=False")!;
        connection.Open();
        return connection;
    }
}
