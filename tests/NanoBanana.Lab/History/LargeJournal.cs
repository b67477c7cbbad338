using Microsoft.Data.Sqlite;
using NanoBanana.Client.Journal;

namespace NanoBanana.Lab.History;

/// <summary>Writes a journal of any size. Each batch has 1,000 prompts, and almost all are saved.</summary>
internal static class LargeJournal
{
    public const int TasksPerBatch = 1000;

    public static void Write(string path, int entries)
    {
        TaskJournal.Open(path, TimeProvider.System).Dispose();
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Execute(connection, FormattableString.Invariant(
            $$"""
            PRAGMA synchronous = OFF;
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {{entries}})
            INSERT INTO task (endpoint, protocol, id, status, batch, name, request_key, held_key, created_at, updated_at, images, tokens,
                cost, ended_at, unsaved, snapshot)
            SELECT 'https://cloud.vtrix.ai/', 'Generation', 'id' || i, CASE WHEN i % 100 = 7 THEN 'Failed' ELSE 'Completed' END,
                'night-' || ((i - 1) / {{TasksPerBatch}}), 'product-' || i, '2:' || i, '2:' || i,
                {{now}} - ({{entries}} - i) * 30000, {{now}} - ({{entries}} - i) * 30000 + 15000, i % 100 <> 7, 1200, 0.04,
                {{now}} - ({{entries}} - i) * 30000 + 15000, i % 10000 = 11,
                json_object('Id', 'id' || i, 'Status', 'Completed',
                    'Prompt',
                    'a studio photograph of product ' || i || ' on white, soft light, three quarter view, ' || hex(randomblob(100)),
                    'Model', 'nano_banana_2', 'Resolution', '2K', 'Name', 'product-' || i,
                    'Batch', 'night-' || ((i - 1) / {{TasksPerBatch}}), 'InputIndex', (i - 1) % {{TasksPerBatch}},
                    'Image', json_array(
                        json_object('Url', 'https://images.example/' || hex(randomblob(16)) || '.png', 'ContentType', 'image/png')),
                    'TotalTokens', 1200, 'Cost', 0.04, 'Endpoint', 'https://cloud.vtrix.ai/') FROM n;
            INSERT INTO file (row, image, path, sha256, length, saved)
            SELECT row, 0, '/images/' || batch || '/' || name || '.png', hex(randomblob(32)), 2000000, 1 FROM task
            WHERE status = 'Completed' AND unsaved = 0;
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """));
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
