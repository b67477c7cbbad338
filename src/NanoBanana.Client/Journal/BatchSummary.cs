using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>Counts a batch in the database: its tasks are not read one by one.</summary>
internal static class BatchSummary
{
    private const string Groups =
        """
        SELECT status, superseded_by IS NOT NULL, images = 0, unsaved, COUNT(*), SUM(tokens), SUM(cost), MIN(created_at), MAX(ended_at), endpoint
        FROM task WHERE $where GROUP BY 1, 2, 3, 4, endpoint
        """;

    /// <param name="query">Runs a query over the entries of the batch, which <c>$where</c> stands for.</param>
    /// <param name="row">Reads an entry.</param>
    /// <param name="batch">The name.</param>
    /// <param name="endpoint">The endpoint; null for all.</param>
    /// <param name="now">The time by this machine's clock.</param>
    /// <returns>Null when there is no such entry.</returns>
    public static ImageBatch? Read(
        Action<string, Func<SqliteDataReader, bool>> query, Func<SqliteDataReader, JournalRow> row, string batch, Uri? endpoint, DateTimeOffset now)
    {
        var groups = new List<Group>();
        query(Groups, reader =>
        {
            groups.Add(new Group(
                JournalRow.StatusOf(reader.GetString(0)), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetInt32(4),
                reader.IsDBNull(5) ? 0 : reader.GetInt64(5), reader.IsDBNull(6) ? null : (decimal)reader.GetDouble(6),
                reader.GetInt64(7), reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.GetString(9)));
            return true;
        });
        Group[] current = [.. groups.Where(group => !group.IsSuperseded)];
        if (current.Length == 0)
            return null;
        // What failed or was canceled and then submitted again was not paid for.
        Group[] superseded = [.. groups.Where(group => group.IsSuperseded && group.Status is not (ImageTaskStatus.Failed or ImageTaskStatus.Canceled))];
        int Count(Func<Group, bool> isCounted) => current.Where(isCounted).Sum(group => group.Count);
        int CountOf(ImageTaskStatus status) => Count(group => group.Status == status);
        // Whether an intent is being sent or is lost depends on its lease.
        int submitting = 0;
        ImageTaskError? firstError = null;
        query($"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE $where AND superseded_by IS NULL AND status = 'Submitting'", reader =>
        {
            submitting += row(reader).IsLeased ? 1 : 0;
            return true;
        });
        if (CountOf(ImageTaskStatus.Failed) > 0)
        {
            query($"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE $where AND superseded_by IS NULL AND status = 'Failed' ORDER BY task.row LIMIT 1", reader =>
            {
                firstError = row(reader).Task.Error;
                return false;
            });
        }
        bool goesOn = submitting + CountOf(ImageTaskStatus.Pending) + CountOf(ImageTaskStatus.Running) > 0;
        var started = DateTimeOffset.FromUnixTimeMilliseconds(current.Min(group => group.CreatedAt));
        DateTimeOffset? ended = goesOn ? now : current.Max(group => group.EndedAt) is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null;
        decimal?[] costs = [.. current.Concat(superseded).Select(group => group.Cost)];
        return new ImageBatch
        {
            Batch = batch,
            Endpoint = endpoint ?? (Uri.TryCreate(current[0].Endpoint, UriKind.Absolute, out Uri? uri) ? uri : null),
            Total = Count(_ => true),
            Submitting = submitting,
            Unknown = CountOf(ImageTaskStatus.Unknown) + CountOf(ImageTaskStatus.Submitting) - submitting,
            Pending = CountOf(ImageTaskStatus.Pending),
            Running = CountOf(ImageTaskStatus.Running),
            Completed = CountOf(ImageTaskStatus.Completed),
            Failed = CountOf(ImageTaskStatus.Failed),
            Canceled = CountOf(ImageTaskStatus.Canceled),
            WithoutImage = Count(group => group is { Status: ImageTaskStatus.Completed, HasNoImage: true }),
            Superseded = superseded.Sum(group => group.Count),
            Unsaved = Count(group => group is { Status: ImageTaskStatus.Completed, IsUnsaved: true }),
            TotalTokens = current.Concat(superseded).Sum(group => group.Tokens),
            SupersededTokens = superseded.Sum(group => group.Tokens),
            Cost = costs.Any(cost => cost is not null) ? costs.Sum() : null,
            StartedAt = started,
            Elapsed = ended > started ? ended - started : TimeSpan.Zero,
            FirstError = firstError,
        };
    }

    private sealed record Group(
        ImageTaskStatus Status, bool IsSuperseded, bool HasNoImage, bool IsUnsaved, int Count, long Tokens, decimal? Cost, long CreatedAt, long? EndedAt, string Endpoint);
}
