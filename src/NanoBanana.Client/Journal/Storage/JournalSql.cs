namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The SQL that no standard has, as SQLite spells it; the other store translates it. All other SQL of the journal runs
/// on both, with parameters as <c>@name</c>, and is constant: a text is compiled once for a connection.
/// </summary>
internal static class JournalSql
{
    /// <summary>The strings of a JSON array, one a row; a parameter in parentheses follows. See https://sqlite.org/json1.html#jeach.</summary>
    public const string Items = "SELECT value FROM json_each";

    /// <summary>Where a text contains another one, from 1; 0 when it does not. See https://sqlite.org/lang_corefunc.html#instr.</summary>
    public const string Position = "instr";

    /// <summary>
    /// After a column: true for one of the many strings in the JSON array <c>@items</c>, by the index of the column, also where PostgreSQL has
    /// no statistics of the table yet.
    /// </summary>
    public const string IsItem = "IN (SELECT value FROM json_each(@items))";

    /// <summary>The values of a group as a JSON array, empty or null where there is none; a value in parentheses follows.</summary>
    public const string JsonArray = "json_group_array";

    /// <summary>True for an entry of the name <c>@name</c>, in upper and lower case of ASCII alike, by the index of names.</summary>
    public const string HasName = "name = @name COLLATE NOCASE";

    /// <summary>The same for an entry with one of the names in the array, in upper and lower case of ASCII alike.</summary>
    public const string HasOneOfNames = "name COLLATE NOCASE IN (SELECT value FROM json_each(@items))";

    /// <summary>True for an entry whose name is from <c>@prefix</c> on and before <c>@end</c>, in upper and lower case of ASCII alike.</summary>
    public const string IsBetween = "name COLLATE NOCASE >= @prefix AND name COLLATE NOCASE < @end";
}
