namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// SQL that is not standard, as SQLite writes it. The PostgreSQL store translates it. All other SQL of the journal runs on both databases.
/// Its parameters are <c>@name</c>, and its texts are constant, because each text is compiled once for a connection.
/// </summary>
internal static class JournalSql
{
    /// <summary>
    /// The strings of a JSON array, one in each row. A parameter in parentheses follows. See https://sqlite.org/json1.html#jeach.
    /// </summary>
    public const string Items = "SELECT value FROM json_each";

    /// <summary>
    /// The position of a text in another text, from 1; 0 if it is not found. See https://sqlite.org/lang_corefunc.html#instr.
    /// </summary>
    public const string Position = "instr";

    /// <summary>
    /// After a column: true if the JSON array <c>@items</c> contains it. It uses the index of the column, even if PostgreSQL has no
    /// statistics of the table yet.
    /// </summary>
    public const string IsItem = "IN (SELECT value FROM json_each(@items))";

    /// <summary>The values of a group as a JSON array; empty or null for an empty group. A value in parentheses follows.</summary>
    public const string JsonArray = "json_group_array";

    /// <summary>
    /// True for an entry with the name <c>@name</c>, regardless of the case of ASCII letters. It uses the index of names.
    /// </summary>
    public const string HasName = "name = @name COLLATE NOCASE";

    /// <summary>True for an entry with one of the names in the array <c>@items</c>, regardless of the case of ASCII letters.</summary>
    public const string HasOneOfNames = "name COLLATE NOCASE IN (SELECT value FROM json_each(@items))";

    /// <summary>True for an entry with a name from <c>@prefix</c> to before <c>@end</c>, regardless of the case of ASCII letters.</summary>
    public const string IsBetween = "name COLLATE NOCASE >= @prefix AND name COLLATE NOCASE < @end";
}
