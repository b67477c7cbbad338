using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>Counts the tasks of a batch in the database, without reading them one by one.</summary>
internal static class BatchSummary
{
    private const string NewestRun =
        """
        SELECT id, owner, started_at, ended_at, asked, bought, held, refused, unknown, skipped, saved, failed, reason, exit_code,
            lease.process, lease.expires_at, endpoint, @now
        FROM run LEFT JOIN lease ON lease.instance = run.owner WHERE $where ORDER BY started_at DESC LIMIT 1
        """;

    private const string Groups =
        """
        SELECT status, superseded_by IS NOT NULL, images = 0, unsaved, COUNT(*), CAST(SUM(tokens) AS BIGINT), SUM(cost), MIN(created_at),
            MAX(ended_at), endpoint,
            COALESCE(run = (SELECT substr(id, 1, 32) FROM run WHERE $where ORDER BY started_at DESC LIMIT 1), FALSE), @now
        FROM task WHERE $where GROUP BY 1, 2, 3, 4, endpoint, 11
        """;

    private const string Current = $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE $where AND superseded_by IS NULL";

    /// <summary>The leases of processes that work on an entry or a run of the batch. Leases of ended processes are not valid.</summary>
    private const string LeasesOfHolders =
        """
        SELECT instance, process, expires_at, @now FROM lease WHERE expires_at > @now
            AND (EXISTS (SELECT 1 FROM task WHERE owner = lease.instance AND $where)
                OR EXISTS (SELECT 1 FROM run WHERE owner = lease.instance AND exit_code IS NULL AND $where))
        ORDER BY process
        """;

    /// <param name="query">Runs a query over the entries of the batch. <c>$where</c> is their condition.</param>
    /// <param name="row">Reads an entry.</param>
    /// <param name="leases">The leases of this process.</param>
    /// <param name="batch">The name.</param>
    /// <param name="endpoint">The endpoint; null for all.</param>
    /// <returns>Null if the journal does not have the batch.</returns>
    public static ImageBatch? Read(
        Action<string, Func<IJournalRows, bool>> query, Func<IJournalRows, JournalRow> row, Leases leases, string batch, Uri? endpoint)
    {
        var groups = new List<Group>();
        DateTimeOffset now = default;
        query(Groups, reader =>
        {
            now = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(11));
            groups.Add(new Group(
                JournalRow.StatusOf(reader.GetString(0)), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetInt64(3) != 0,
                reader.GetInt32(4),
                reader.IsDBNull(5) ? 0 : reader.GetInt64(5), reader.IsDBNull(6) ? null : (decimal)reader.GetDouble(6),
                reader.GetInt64(7), reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.GetString(9), reader.GetBoolean(10)));
            return true;
        });
        Group[] current = [.. groups.Where(group => !group.IsSuperseded)];
        ImageRun? run = ReadRun(query, leases, batch, [.. groups.Where(group => group.IsOfRun)]);
        if (current.Length == 0 && run is null)
            return null;
        // Superseded tasks that failed or were canceled were not paid for.
        Group[] superseded =
            [.. groups.Where(group => group.IsSuperseded && group.Status is not (ImageTaskStatus.Failed or ImageTaskStatus.Canceled))];
        int Count(Func<Group, bool> isCounted) => current.Where(isCounted).Sum(group => group.Count);
        int CountOf(ImageTaskStatus status) => Count(group => group.Status == status);
        int submitting = CountSubmitting(query, row);
        bool isActive = submitting + CountOf(ImageTaskStatus.Pending) + CountOf(ImageTaskStatus.Running) > 0;
        DateTimeOffset? started = current.Length == 0
            ? run!.StartedAt
            : DateTimeOffset.FromUnixTimeMilliseconds(current.Min(group => group.CreatedAt));
        DateTimeOffset? ended = isActive ? now
            : current.Max(group => group.EndedAt) is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null;
        decimal?[] costs = [.. current.Concat(superseded).Select(group => group.Cost)];
        return new ImageBatch
        {
            Batch = batch,
            Endpoint = endpoint
                ?? (current.Length > 0 && Uri.TryCreate(current[0].Endpoint, UriKind.Absolute, out Uri? uri) ? uri : run?.Endpoint),
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
            FirstError = CountOf(ImageTaskStatus.Failed) > 0 ? ReadFirstError(query, row) : null,
            Run = run,
            Holders = ReadHolders(query, leases),
        };
    }

    /// <summary>Counts the intents that are being submitted. The outcome of an intent without a lease is unknown.</summary>
    private static int CountSubmitting(Action<string, Func<IJournalRows, bool>> query, Func<IJournalRows, JournalRow> row)
    {
        int submitting = 0;
        query($"{Current} AND status = 'Submitting'", reader =>
        {
            submitting += row(reader).IsLeased ? 1 : 0;
            return true;
        });
        return submitting;
    }

    private static ImageTaskError? ReadFirstError(Action<string, Func<IJournalRows, bool>> query, Func<IJournalRows, JournalRow> row)
    {
        ImageTaskError? error = null;
        query($"{Current} AND status = 'Failed' ORDER BY task.row LIMIT 1", reader =>
        {
            error = row(reader).Task.Error;
            return false;
        });
        return error;
    }

    private static IReadOnlyList<string> ReadHolders(Action<string, Func<IJournalRows, bool>> query, Leases leases)
    {
        var holders = new List<string>();
        query(LeasesOfHolders, reader =>
        {
            string instance = reader.GetString(0), process = reader.GetString(1);
            bool isValid = instance == leases.Instance
                ? leases.IsWorking
                : leases.IsRunning("", instance, process, reader.GetInt64(2), reader.GetInt64(3));
            if (isValid)
                holders.Add(ProcessIdentity.DisplayName(process));
            return true;
        });
        return holders;
    }

    /// <summary>Reads the newest run. The counts of a run without a stored outcome come from its tasks.</summary>
    private static ImageRun? ReadRun(
        Action<string, Func<IJournalRows, bool>> query, Leases leases, string batch, IReadOnlyList<Group> tasks)
    {
        ImageRun? run = null;
        query(NewestRun, reader =>
        {
            DateTimeOffset? ended = reader.IsDBNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3));
            int? exitCode = reader.IsDBNull(13) ? null : reader.GetInt32(13);
            bool isRunning = exitCode is null && leases.IsRunning(
                reader.GetString(0), reader.GetString(1), reader.GetStringOrNull(14),
                reader.IsDBNull(15) ? 0 : reader.GetInt64(15), reader.GetInt64(17));
            run = new ImageRun(
                reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), ended,
                Enum.TryParse(reader.IsDBNull(12) ? "" : reader.GetString(12), out NanoBananaErrorKind reason) ? reason : null,
                isRunning ? null : exitCode ?? RunExitCode.Interrupted)
            {
                Batch = batch,
                Endpoint = Uri.TryCreate(reader.GetString(16), UriKind.Absolute, out Uri? endpoint) ? endpoint : null,
                TotalTokens = tasks.Sum(group => group.Tokens),
                Cost = tasks.Any(group => group.Cost is not null) ? tasks.Sum(group => group.Cost) : null,
            };
            // The process ended without storing an outcome, for example because it was killed.
            if (exitCode is null)
            {
                run.Bought = run.Asked = tasks.Sum(group => group.Count);
                run.Failed = tasks.Sum(group => group.IsFailed ? group.Count : 0);
                run.Saved = tasks.Sum(group => group.IsSaved ? group.Count : 0);
                run.Unknown = tasks.Sum(group => group.Status is ImageTaskStatus.Unknown or ImageTaskStatus.Submitting ? group.Count : 0);
                run.Bought -= run.Unknown;
                run.Unsaved = run.Asked - run.Failed - run.Saved - run.Unknown;
                return false;
            }
            (run.Asked, run.Bought) = (reader.GetInt32(4), reader.GetInt32(5));
            (run.Held, run.Refused) = (reader.GetInt32(6), reader.GetInt32(7));
            (run.Unknown, run.Skipped) = (reader.GetInt32(8), reader.GetInt32(9));
            (run.Saved, run.Failed) = (reader.GetInt32(10), reader.GetInt32(11));
            run.Unsaved = run.Bought + run.Held - run.Saved - (run.Failed - run.Refused);
            return false;
        });
        return run;
    }

    private sealed record Group(
        ImageTaskStatus Status, bool IsSuperseded, bool HasNoImage, bool IsUnsaved, int Count, long Tokens, decimal? Cost, long CreatedAt,
        long? EndedAt, string Endpoint, bool IsOfRun)
    {
        public bool IsFailed => Status is ImageTaskStatus.Failed or ImageTaskStatus.Canceled
            || this is { Status: ImageTaskStatus.Completed, HasNoImage: true };

        public bool IsSaved => Status == ImageTaskStatus.Completed && !IsUnsaved && !HasNoImage;
    }
}
