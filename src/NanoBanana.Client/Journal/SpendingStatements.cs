using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Counts what is bought, inside the writer's transaction (decision 0025): the worst case is reserved with the intent, and an entry's
/// part is replaced by the real usage, by difference, when its task ends.
/// </summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="skew">By how many milliseconds the clock of the store is ahead of this process's.</param>
internal readonly struct SpendingStatements(JournalConnection connection, long skew)
{
    /// <summary>Usage in an answer that no task can have. An answer must not be able to break the sums.</summary>
    private const long MostTokens = 1_000_000_000;

    private const decimal MostCost = 1_000_000;

    private const string Added =
        """
         ON CONFLICT (scope) DO UPDATE SET
            images = spending.images + excluded.images, tokens = spending.tokens + excluded.tokens,
            cost = ROUND(CAST(spending.cost + excluded.cost AS NUMERIC), 9)
        """;

    private const string AddToOne = "INSERT INTO spending (scope, images, tokens, cost) VALUES (@scope, @images, @tokens, @cost)" + Added;

    private const string AddToTwo =
        "INSERT INTO spending (scope, images, tokens, cost) VALUES (@scope, @images, @tokens, @cost), (@other, @images, @tokens, @cost)" + Added;

    /// <summary>How many of the newest entries are searched where an index is not worth it.</summary>
    private const int Newest = 10_000;

    /// <summary>The worst case of a request, if it fits into the limits.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="endpoint">Where it would be bought.</param>
    /// <param name="budget">The limits.</param>
    /// <param name="day">The day in UTC.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.BudgetExhausted"/>: a limit has no room.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and no price is known.
    /// </exception>
    public Spending Reserve(ImageRequest request, Uri endpoint, RunBudget budget, string day)
    {
        var worst = new Spending(1, ImageModel.GetMaximumTokens(request), PriceOf(request, endpoint, budget));
        Check(budget.PerRun, budget.Run, null, worst);
        Check(budget.PerDay, day, day, worst);
        return worst;
    }

    /// <summary>
    /// Adds to what a run and a day have spent. Rounded: a sum of binary fractions would pass a limit that it should reach.
    /// </summary>
    public void Add(string? run, string? day, Spending amount)
    {
        if (amount == default)
            return;
        if (run is not null && day is not null)
            connection.Send(AddToTwo, ("@scope", run), ("@images", amount.Images), ("@tokens", amount.Tokens), ("@cost", (double)amount.Cost), ("@other", day));
        else if ((run ?? day) is { } scope)
            connection.Send(AddToOne, ("@scope", scope), ("@images", amount.Images), ("@tokens", amount.Tokens), ("@cost", (double)amount.Cost));
    }

    /// <summary>Nothing was bought: an intent counts for nothing any more.</summary>
    public void GiveBack(long row)
    {
        if (Find(row) is { } entry)
            Count(entry, default);
    }

    /// <summary>The task has ended: its entry counts for what it used. What the service does not tell stays at its worst case.</summary>
    /// <param name="task">The task.</param>
    /// <param name="entry">What its entry counts for; null for none.</param>
    public void Settle(ImageTask task, (long Row, string? Run, string? Day, Spending Amount)? entry)
    {
        if (!task.HasEnded)
            return;
        if (task.Cost is { } price and > 0)
            LearnPrice(task, task.Endpoint!, Math.Min(price, MostCost));
        if (entry is not { } counted)
            return;
        // What failed or was canceled is not paid for, unless the service says what it used.
        bool isPaid = task.Status == ImageTaskStatus.Completed;
        long? tokens = task.TotalTokens ?? task.PromptTokens + task.CompletionTokens;
        Count(counted, new Spending(
            isPaid && task.Image.Count > 0 ? 1 : 0,
            tokens is { } used ? Math.Max(0, Math.Min(used, MostTokens)) : isPaid ? counted.Amount.Tokens : 0,
            task.Cost is { } cost ? Math.Max(0, Math.Min(cost, MostCost)) : isPaid ? counted.Amount.Cost : 0));
    }

    /// <summary>Checks that nobody has told the runs of a batch to stop since this one began.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.BatchStopped"/>: somebody has.</exception>
    public void CheckStop(string? batch, Uri endpoint, RunBudget budget)
    {
        if (batch is null)
            return;
        using IJournalRows reader = connection.Read(
            $"""
            SELECT asked_at, asked_by FROM stop
            WHERE batch = @batch AND (endpoint = '' OR {EndpointNames.AtService}) AND asked_at >= @since LIMIT 1
            """,
            ("@batch", batch), EndpointNames.Of(endpoint), ("@since", budget.StartedAt.ToUnixTimeMilliseconds() + skew));
        if (!reader.Read())
            return;
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0));
        throw new NanoBananaException(
            NanoBananaErrorKind.BatchStopped,
            FormattableString.Invariant($"The batch '{TextSafety.Excerpt(batch)}' was told to stop buying at {at:yyyy-MM-dd HH:mm:ss} UTC by ")
            + $"{TextSafety.Excerpt(reader.GetString(1))} (Stop-NanoBananaBatch). Run the same inputs again to go on.");
    }

    /// <summary>Tells the runs of a batch that have begun to stop buying.</summary>
    /// <param name="batch">The name.</param>
    /// <param name="endpoint">The service; null for all.</param>
    /// <param name="by">Who asks.</param>
    public void Stop(string batch, Uri? endpoint, string by) => connection.Send(
        """
        INSERT INTO stop (batch, endpoint, asked_at, asked_by) VALUES (@batch, @endpoint, @now, @by)
        ON CONFLICT (batch, endpoint) DO UPDATE SET asked_at = excluded.asked_at, asked_by = excluded.asked_by
        """,
        ("@batch", batch), ("@endpoint", endpoint is null ? "" : KnownEndpoints.CanonicalOf(endpoint).AbsoluteUri), ("@by", by));

    private void Check(SpendingLimits limits, string? scope, string? day, Spending next)
    {
        if (limits.AreNone || scope is null)
            return;
        Spending spent = Sum("SELECT images, tokens, cost FROM spending WHERE scope = @scope", ("@scope", scope));
        if (limits.ShortageOf(spent, next) is not { } shortage)
            return;
        Spending reserved = Sum(
            $"""
            SELECT CAST(SUM(spent_images) AS BIGINT), CAST(SUM(spent_tokens) AS BIGINT), SUM(spent_cost) FROM task
            WHERE row > (SELECT MAX(row) FROM task) - {Newest}
                AND {(day is null ? "run" : "day")} = @scope AND status NOT IN ('Completed', 'Failed', 'Canceled')
            """, ("@scope", scope));
        throw new NanoBananaException(NanoBananaErrorKind.BudgetExhausted, shortage.Describe(day, spent, reserved));
    }

    private Spending Sum(string sql, (string, object?) value)
    {
        using IJournalRows reader = connection.Read(sql, value);
        return reader.Read() && !reader.IsDBNull(0)
            ? new Spending(reader.GetInt64(0), reader.GetInt64(1), (decimal)reader.GetDouble(2))
            : default;
    }

    /// <summary>The most that an image is assumed to cost.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and no price is known.</exception>
    public decimal PriceOf(ImageRequest request, Uri endpoint, RunBudget budget)
    {
        decimal? known = KnownPrice(request, endpoint);
        if (known is null && budget is { LimitsCost: true, CostPerImage: null } && (known = RecentPrice(request, endpoint)) is { } recent)
            LearnPrice(request, endpoint, recent);
        if (known is null && budget.CostPerImage is null && budget.LimitsCost)
            throw NoPrice(request);
        return Math.Max(known ?? 0, budget.CostPerImage ?? 0);
    }

    /// <summary>The error of a limit of the cost where no price is known.</summary>
    public static NanoBananaException NoPrice(ImageParameters request) => new(
        NanoBananaErrorKind.InvalidRequest,
        $"The cost is limited, and the journal has seen no cost of an image with the resolution {ResolutionOf(request)} here. Say the most "
        + $"that an image costs with Connect-NanoBanana -MaximumCostPerImage or $env:{SpendingLimits.PriceVariable}. Nothing was bought.")
    {
        EndsSubmitting = true,
    };

    /// <summary>Begins the scopes that keep the highest cost of an image.</summary>
    public const string PricePrefix = "price ";

    /// <summary>The scope that keeps the highest cost of an image.</summary>
    public static string PriceScope(ImageParameters request, Uri endpoint) =>
        $"{PricePrefix}{KnownEndpoints.CanonicalOf(endpoint).AbsoluteUri} {request.Model} {ResolutionOf(request)}";

    private static string ResolutionOf(ImageParameters request) => request.Resolution ?? ImageModel.DefaultResolution;

    private decimal? KnownPrice(ImageParameters request, Uri endpoint)
    {
        using IJournalRows reader = connection.Read("SELECT cost FROM spending WHERE scope = @scope", ("@scope", PriceScope(request, endpoint)));
        return reader.Read() ? (decimal)reader.GetDouble(0) : null;
    }

    /// <summary>The highest cost among the newest entries, for a file in which no price was kept yet.</summary>
    private decimal? RecentPrice(ImageParameters request, Uri endpoint)
    {
        using IJournalRows reader = connection.Read(
            $"""
            SELECT MAX(cost) FROM task WHERE row > (SELECT MAX(row) FROM task) - {Newest} AND cost > 0 AND {EndpointNames.AtService}
                AND COALESCE(snapshot ->> 'Model', '') = @model
                AND COALESCE(snapshot ->> 'Resolution', @usual) = @resolution
            """,
            EndpointNames.Of(endpoint), ("@model", request.Model ?? ""), ("@usual", ImageModel.DefaultResolution), ("@resolution", ResolutionOf(request)));
        return reader.Read() && !reader.IsDBNull(0) ? (decimal)Math.Min(reader.GetDouble(0), (double)MostCost) : null;
    }

    private void LearnPrice(ImageParameters request, Uri endpoint, decimal cost) => KeepPrice(PriceScope(request, endpoint), cost);

    /// <summary>Keeps the highest cost of an image in a scope of its own.</summary>
    public void KeepPrice(string scope, decimal cost) => connection.Send(
        """
        INSERT INTO spending (scope, images, tokens, cost) VALUES (@scope, 1, 0, @cost)
        ON CONFLICT (scope) DO UPDATE SET cost = excluded.cost WHERE excluded.cost > spending.cost
        """, ("@scope", scope), ("@cost", (double)cost));

    /// <summary>What an entry counts for, and where.</summary>
    public const string Counted = "row, run, day, spent_images, spent_tokens, spent_cost";

    /// <summary>Reads <see cref="Counted"/>.</summary>
    /// <returns>Null for an entry that counts nowhere.</returns>
    public static (long Row, string? Run, string? Day, Spending Amount)? CountedOf(IJournalRows reader) => reader.IsDBNull(1) && reader.IsDBNull(2)
        ? null
        : (reader.GetInt64(0), Text(reader, 1), Text(reader, 2), new Spending(reader.GetInt64(3), reader.GetInt64(4), (decimal)reader.GetDouble(5)));

    private (long Row, string? Run, string? Day, Spending Amount)? Find(long row)
    {
        using IJournalRows reader = connection.Read($"SELECT {Counted} FROM task WHERE row = @row", ("@row", row));
        return reader.Read() ? CountedOf(reader) : null;
    }

    /// <summary>Lets an entry count for another amount, in its row and in its scopes.</summary>
    private void Count((long Row, string? Run, string? Day, Spending Amount) entry, Spending amount)
    {
        Spending difference = amount - entry.Amount;
        if (difference == default)
            return;
        connection.Send(
            "UPDATE task SET spent_images = @images, spent_tokens = @tokens, spent_cost = @cost WHERE row = @row",
            ("@images", amount.Images), ("@tokens", amount.Tokens), ("@cost", (double)amount.Cost), ("@row", entry.Row));
        Add(entry.Run, entry.Day, difference);
    }

    private static string? Text(IJournalRows reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
