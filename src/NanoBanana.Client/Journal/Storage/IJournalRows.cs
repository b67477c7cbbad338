namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The rows of a query, one at a time. Columns are numbered from 0. A value that is null or has another type causes an exception for which
/// <see cref="JournalStore.IsDataError"/> is true. Dispose it before the next command runs.
/// </summary>
internal interface IJournalRows : IDisposable
{
    /// <summary>The number of columns.</summary>
    int FieldCount { get; }

    /// <summary>Moves to the next row.</summary>
    /// <returns>False after the last one.</returns>
    bool Read();

    bool IsDBNull(int column);

    bool GetBoolean(int column);

    int GetInt32(int column);

    long GetInt64(int column);

    double GetDouble(int column);

    string GetString(int column);

    /// <summary>A value that is not null: a <see cref="long"/>, a <see cref="double"/> or a <see cref="string"/>.</summary>
    object GetValue(int column);
}

internal static class JournalRows
{
    /// <summary>A text, or null for a value that is null.</summary>
    public static string? GetStringOrNull(this IJournalRows rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
