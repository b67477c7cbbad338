using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>The rows of a query in PostgreSQL.</summary>
internal sealed class PostgresRows(NpgsqlDataReader reader) : IJournalRows
{
    public int FieldCount => reader.FieldCount;

    public bool Read() => reader.Read();

    public bool IsDBNull(int column) => reader.IsDBNull(column);

    public bool GetBoolean(int column) => reader.GetBoolean(column);

    public int GetInt32(int column) => reader.GetInt32(column);

    public long GetInt64(int column) => reader.GetInt64(column);

    public double GetDouble(int column) => reader.GetDouble(column);

    public string GetString(int column) => reader.GetString(column);

    public object GetValue(int column) => reader.GetValue(column);

    public void Dispose() => reader.Dispose();
}
