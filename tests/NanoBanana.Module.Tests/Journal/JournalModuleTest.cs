using System.Data.Common;
using System.Reflection;

namespace NanoBanana.Module.Tests.Journal;

/// <summary>A session whose journal is a file of its own, named by an environment variable.</summary>
[Collection(ProcessWide.Name)]
public abstract class JournalModuleTest : ModuleTest
{
    private const string Variable = "NANOBANANA_JOURNAL";

    private protected JournalModuleTest() => Name(JournalPath);

    private protected string JournalPath => Folder["journal.db"];

    private protected static void Name(string? journal) => Environment.SetEnvironmentVariable(Variable, journal);

    public override void Dispose()
    {
        base.Dispose();
        Name(null);
        GC.SuppressFinalize(this);
    }

    private protected IReadOnlyList<string> Ids(string script) => [.. Run(script).Good().Select(task => task.Text("Id"))];

    /// <summary>Looks at the file until it is as it must be: what is not waited for comes a moment later.</summary>
    private protected void Becomes(string sql, string expected) =>
        Assert.True(SpinWait.SpinUntil(() => Value(sql) == expected, Patience.Limit), $"{sql} is {Value(sql)}, not {expected}.");

    // Through the module's own SQLite: a second copy of the library in one process breaks the locks of the first, and its
    // last connection removes the log that the other still writes to. See "How To Corrupt An SQLite Database File", 2.2.1.
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
        var connection = (DbConnection)Activator.CreateInstance(sqlite.GetType("Microsoft.Data.Sqlite.SqliteConnection", throwOnError: true)!, $"Data Source={path};Pooling=False")!;
        connection.Open();
        return connection;
    }
}
