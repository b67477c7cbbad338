using System.Text.Json;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <content>Lists of tasks by a filter.</content>
public sealed partial class JournalReader
{
    /// <summary>The number of entries in a portion. The first portion is small, so that the first entries appear quickly.</summary>
    private const int FirstPortion = 50, Portion = 500;

    /// <summary>The number of entries in a portion that is searched for patterns. Often few of them match.</summary>
    private const int PatternPortion = 2000;

    /// <summary>The tasks that match a filter, newest first.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public IReadOnlyList<ImageTask> List(JournalFilter filter) => [.. Portions(filter).SelectMany(portion => portion)];

    /// <summary>
    /// The tasks that match a filter, newest first, in portions. Each portion is read when it is needed, so memory stays constant and the
    /// journal is not in use between two portions.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public IEnumerable<IReadOnlyList<ImageTask>> Portions(JournalFilter filter)
    {
        (string where, List<(string, object?)> values) = Where(filter);
        // The rows are found in an index that has the columns of the filter. Snapshots are read only for these rows.
        string rowsOfPortion = $"SELECT row FROM task WHERE {where} AND row < @last ORDER BY row DESC LIMIT @count";
        bool needsPatterns = NeedsPatterns(filter);
        (long last, long skip, long left) = (long.MaxValue, filter.Skip, filter.First);
        for (int count = FirstPortion; left > 0; count = needsPatterns ? PatternPortion : Portion)
        {
            var tasks = new List<ImageTask>();
            int rows = 0;
            string rowsToRead = rowsOfPortion;
            List<(string, object?)> portion = [.. values, ("@last", last), ("@count", (long)count)];
            if (needsPatterns)
            {
                (IReadOnlyList<long> matches, rows, last) = Matches(where, filter, portion);
                // A list in SQL must not be empty. No row is null.
                rowsToRead = matches.Count == 0 ? "NULL" : string.Join(",", matches);
                portion = [];
            }
            string sql = $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE task.row IN ({rowsToRead}) ORDER BY task.row DESC";
            ReadNewestFirst(sql, portion, reader =>
            {
                if (!needsPatterns)
                {
                    rows++;
                    last = reader.GetInt64(0);
                }
                JournalRow row = RowOf(reader);
                bool isMatch = !((filter.Unsaved || filter.NotLeased) && row.IsLeased)
                    && (filter.Status is not { Count: > 0 } statuses || statuses.Contains(row.Task.Status));
                if (isMatch && skip-- <= 0)
                    tasks.Add(row.Task with { IsFromList = true });
                return tasks.Count < left;
            });
            left -= tasks.Count;
            if (tasks.Count > 0)
                yield return tasks;
            if (rows < count)
                yield break;
        }
    }

    /// <summary>Whether the filter has a pattern that SQL can't match: of a prompt, or of a name that is not exact.</summary>
    private static bool NeedsPatterns(JournalFilter filter) =>
        filter.Prompt is not null || (filter.Name is not null && !IsAscii(filter.ExactName));

    /// <summary>
    /// Searches the next entries for names and prompts. No index contains prompts, and a search of a million entries takes seconds.
    /// Therefore the newest matches are returned before older entries are searched.
    /// </summary>
    /// <returns>The rows that match, the number of searched rows, and the last searched row.</returns>
    private (IReadOnlyList<long> Matches, int Rows, long Last) Matches(
        string where, JournalFilter filter, IEnumerable<(string, object?)> values)
    {
        var matches = new List<long>();
        (int rows, long last) = (0, long.MaxValue);
        string prompt = filter.Prompt is null ? "NULL" : "snapshot ->> 'Prompt'";
        string sql = $"SELECT row, name, {prompt} FROM task WHERE {where} AND row < @last ORDER BY row DESC LIMIT @count";
        ReadNewestFirst(sql, values, reader =>
        {
            rows++;
            last = reader.GetInt64(0);
            if (IsMatch(filter.Name, reader, 1) && IsMatch(filter.Prompt, reader, 2))
                matches.Add(last);
            return true;
        });
        return (matches, rows, last);
    }

    private static bool IsMatch(Func<string, bool>? pattern, IJournalRows reader, int column) =>
        pattern is null || (!reader.IsDBNull(column) && pattern(reader.GetString(column)));

    /// <summary>Whether SQL compares a text without case as .NET does.</summary>
    private static bool IsAscii(string? text) => text is not null && text.All(c => c < 128);

    /// <summary>
    /// The number of tasks that match a filter, regardless of <see cref="JournalFilter.Skip"/> and <see cref="JournalFilter.First"/>.
    /// </summary>
    public long Count(JournalFilter filter)
    {
        // SQL can't check leases or patterns.
        if (filter.Unsaved || filter.NotLeased || filter.Status is { Count: > 0 } || NeedsPatterns(filter))
            return Portions(filter with { Skip = 0, First = long.MaxValue }).Sum(portion => (long)portion.Count);
        (string where, List<(string, object?)> values) = Where(filter);
        long count = 0;
        _queries.Read($"SELECT COUNT(*) FROM task WHERE {where}", values, reader =>
        {
            count = reader.GetInt64(0);
            return false;
        });
        return count;
    }

    private (string Sql, List<(string, object?)> Values) Where(JournalFilter filter)
    {
        var where = new List<string> { "1 = 1" };
        var values = new List<(string, object?)>();
        void Narrow(bool isGiven, string condition, params (string, object?)[] parameters)
        {
            if (!isGiven)
                return;
            where.Add(condition);
            values.AddRange(parameters);
        }
        Narrow(filter.After is not null, "created_at >= @after", ("@after", filter.After?.ToUnixTimeMilliseconds()));
        Narrow(filter.Before is not null, "created_at < @before", ("@before", filter.Before?.ToUnixTimeMilliseconds()));
        Uri? service = filter.Endpoint ?? _service;
        Narrow(service is not null, EndpointNames.AtService, EndpointNames.Of(service));
        Narrow(filter.Unsaved, "unsaved = 1");
        Narrow(filter.Current, "superseded_by IS NULL");
        if (filter.Batch is not null)
        {
            string[] names = [.. BatchNames().Where(filter.Batch)];
            if (names.Length == 1)
                Narrow(true, "batch = @batch", ("@batch", names[0]));
            else
                Narrow(true, $"batch IN ({JournalSql.Items}(@batches))", ("@batches", JsonSerializer.Serialize(names)));
        }
        Narrow(IsAscii(filter.ExactName), JournalSql.HasName, ("@name", filter.ExactName));
        Narrow(filter.Name is not null, "name IS NOT NULL");
        Narrow(
            filter.NamePrefix?.Length > 0 && IsAscii(filter.NamePrefix), JournalSql.IsBetween,
            ("@prefix", filter.NamePrefix), ("@end", filter.NamePrefix + "\U0010FFFF"));
        if (filter.Status is { Count: > 0 } status)
        {
            // An intent without a lease is unknown, and so is a status that this version does not support.
            IEnumerable<ImageTaskStatus> others = JournalRow.Statuses.Where(known => !status.Contains(known)
                && !(known == ImageTaskStatus.Submitting && status.Contains(ImageTaskStatus.Unknown)));
            Narrow(!status.Contains(ImageTaskStatus.Completed), "status <> 'Completed'");
            Narrow(true, $"status NOT IN ({string.Join(", ", others.Select(other => $"'{other}'"))})");
        }
        return (string.Join(" AND ", where), values);
    }

    /// <summary>
    /// Reads rows in descending order, and checks the order: in a crafted file, rows could repeat endlessly and fill the memory.
    /// </summary>
    private void ReadNewestFirst(string sql, IEnumerable<(string, object?)> values, Func<IJournalRows, bool> take)
    {
        long last = long.MaxValue;
        _queries.Read(sql, values, reader =>
        {
            long row = reader.GetInt64(0);
            if (row >= last)
                throw new InvalidDataException(Messages.RowsNotInOrder);
            last = row;
            return take(reader);
        });
    }
}
