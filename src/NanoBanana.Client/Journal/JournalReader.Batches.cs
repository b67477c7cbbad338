using NanoBanana.Client.Http;

namespace NanoBanana.Client.Journal;

/// <content>Batches: their names, tasks and numbers.</content>
public sealed partial class JournalReader
{
    /// <summary>The current task of each request of a batch, newest first, without superseded tasks.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The endpoint; null for the batches of that name at all endpoints.</param>
    public IReadOnlyList<ImageTask> Batch(string batch, Uri? endpoint = null) =>
        List(new JournalFilter { Batch = name => name == batch, Endpoint = endpoint, Current = true });

    /// <summary>The batches by name and endpoint. The batch with the newest task is first.</summary>
    /// <param name="isMatch">Selects batches by name; null for all.</param>
    public IReadOnlyList<(string Name, Uri? Endpoint)> Batches(Func<string, bool>? isMatch = null)
    {
        var newest = new Dictionary<(string, Uri?), long>();
        foreach (string name in BatchNames().Where(name => isMatch?.Invoke(name) ?? true))
        {
            _queries.Read("SELECT endpoint, MAX(row) FROM task WHERE batch = @batch GROUP BY endpoint", [("@batch", name)], reader =>
            {
                // A service can have several host names. Its tasks are one batch.
                Uri? endpoint = Uri.TryCreate(reader.GetString(0), UriKind.Absolute, out Uri? uri) ? KnownEndpoints.CanonicalOf(uri) : null;
                newest[(name, endpoint)] = Math.Max(reader.GetInt64(1), newest.TryGetValue((name, endpoint), out long row) ? row : 0);
                return true;
            });
        }
        return [.. newest.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)
            .Where(batch => _service is null || KnownEndpoints.IsSame(batch.Item2, _service))];
    }

    /// <summary>When a batch was started, and the number of its tasks, including superseded tasks.</summary>
    public (DateTimeOffset StartedAt, long Tasks) Extent(string batch)
    {
        (DateTimeOffset, long) extent = default;
        string where = $"batch = @batch{At(_service)}";
        string sql = $"SELECT created_at, (SELECT COUNT(*) FROM task WHERE {where}) FROM task WHERE {where} ORDER BY row LIMIT 1";
        _queries.Read(sql, Of(batch, _service), reader =>
        {
            extent = (DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0)), reader.GetInt64(1));
            return false;
        });
        return extent;
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The endpoint; null for the batches of that name at all endpoints together.</param>
    /// <returns>Null if the journal does not have the batch.</returns>
    public ImageBatch? Summary(string batch, Uri? endpoint)
    {
        Uri? at = endpoint ?? _service;
        return BatchSummary.Read(
            (sql, take) => _queries.Read(sql.Replace("$where", $"batch = @batch{At(at)}"), Of(batch, at), take), RowOf, _leases, batch, at);
    }

    private static (string, object?)[] Of(string batch, Uri? endpoint) =>
        endpoint is null ? [("@batch", batch)] : [("@batch", batch), EndpointNames.Of(endpoint)];

    /// <summary>The names of all batches. Each is one step in the index, regardless of the number of its tasks.</summary>
    private IEnumerable<string> BatchNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;
        bool hasMore = true;
        while (hasMore)
        {
            hasMore = false;
            _queries.Read("SELECT MIN(batch) FROM task WHERE batch IS NOT NULL AND batch > @last", [("@last", last ?? "")], reader =>
            {
                // In a crafted index, a name can repeat.
                hasMore = !reader.IsDBNull(0) && names.Add(last = reader.GetString(0));
                return false;
            });
            if (hasMore)
                yield return last!;
        }
    }
}
