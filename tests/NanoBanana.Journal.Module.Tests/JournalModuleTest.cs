using Microsoft.Data.Sqlite;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace NanoBanana.Journal.Module.Tests;

/// <summary>A session whose journal is a file of its own. The variable belongs to the process, so the tests run one after the other.</summary>
public abstract class JournalModuleTest : ModuleTest
{
    private const string Variable = "NANOBANANA_JOURNAL";

    static JournalModuleTest() =>
        // The user's own journal is none of the tests' business.
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", DataHome);

    private protected JournalModuleTest() => Name(JournalPath);

    /// <summary>Where the journal is when none is named; on Linux.</summary>
    private protected static string DataHome { get; } = Path.Combine(Path.GetTempPath(), $"nanobanana-data-{Guid.NewGuid():N}");

    private protected string JournalPath => Folder["journal.db"];

    private protected static void Name(string? journal) => Environment.SetEnvironmentVariable(Variable, journal);

    private protected IReadOnlyList<string> Ids(string script) => [.. Run(script).Good().Select(task => task.Text("Id"))];

    /// <summary>Looks at the file until it is as it must be: what is not waited for comes a moment later.</summary>
    private protected void Becomes(string sql, string expected) =>
        Assert.True(SpinWait.SpinUntil(() => Value(sql) == expected, Patience.Limit), $"{sql} is {Value(sql)}, not {expected}.");

    private string Value(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }
}
