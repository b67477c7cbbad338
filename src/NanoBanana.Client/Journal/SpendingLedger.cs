using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Counts the spending of runs and days, inside the writer's transaction (decision 0025). The worst case is reserved with the intent. When
/// the task ends, the real usage replaces it.
/// </summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="skew">The time in milliseconds by which the clock of the store is ahead of the clock of this process.</param>
internal readonly struct SpendingLedger(JournalConnection connection, long skew)
{
    /// <summary>The highest usage that is counted. Impossible values in an answer must not break the sums.</summary>
    private const long MaximumTokens = 1_000_000_000;

    private const decimal MaximumCost = 1_000_000;

    private const string OnConflictAdd =
        """
         ON CONFLICT (scope) DO UPDATE SET
            images = spending.images + excluded.images, tokens = spending.tokens + excluded.tokens,
            cost = ROUND(CAST(spending.cost + excluded.cost AS NUMERIC), 9)
        """;

    private const string AddToOne =
        "INSERT INTO spending (scope, images, tokens, cost) VALUES (@scope, @images, @tokens, @cost)" + OnConflictAdd;

    private const string AddToTwo =
        "INSERT INTO spending (scope, images, tokens, cost) VALUES (@scope, @images, @tokens, @cost), (@other, @images, @tokens, @cost)"
        + OnConflictAdd;

    /// <summary>The number of the newest entries that are searched without an index.</summary>
    private const int Newest = 10_000;

    /// <summary>Computes the worst case of a request and checks that it fits into the limits.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="endpoint">The endpoint to submit it to.</param>
    /// <param name="budget">The limits.</param>
    /// <param name="day">The day in UTC.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.BudgetExhausted"/>: it exceeds a limit.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and the price of an image is not known.
    /// </exception>
    public Spending Reserve(ImageRequest request, Uri endpoint, RunBudget budget, string day)
    {
        var worst = new Spending(1, ImageModel.GetMaximumTokens(request), PriceOf(request, endpoint, budget));
        Check(budget.PerRun, budget.Run, null, worst);
        Check(budget.PerDay, day, day, worst);
        return worst;
    }

    /// <summary>
    /// Adds to the spending of a run and a day. The sum is rounded, because a sum of binary fractions could be higher than a limit that it
    /// should equal.
    /// </summary>
    public void Add(string? run, string? day, Spending amount)
    {
        if (amount == default)
            return;
        if (run is not null && day is not null)
        {
            connection.Send(
                AddToTwo, ("@scope", run), ("@images", amount.Images), ("@tokens", amount.Tokens), ("@cost", (double)amount.Cost),
                ("@other", day));
        }
        else if ((run ?? day) is { } scope)
        {
            connection.Send(
                AddToOne, ("@scope", scope), ("@images", amount.Images), ("@tokens", amount.Tokens), ("@cost", (double)amount.Cost));
        }
    }

    /// <summary>Releases the reservation of an intent, because nothing was bought.</summary>
    public void ReleaseReservation(long row)
    {
        if (Find(row) is { } entry)
            SetAmount(entry, default);
    }

    /// <summary>
    /// If the task has ended, replaces its reservation by its usage. Values that the service does not report stay at the worst case.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="entry">The amount of its entry; null if the entry is not counted.</param>
    public void Settle(ImageTask task, (long Row, string? Run, string? Day, Spending Amount)? entry)
    {
        if (!task.HasEnded)
            return;
        if (task.Cost is { } price and > 0)
            StorePrice(task, task.Endpoint!, Math.Min(price, MaximumCost));
        if (entry is not { } counted)
            return;
        // A failed or canceled task is not paid for, unless the service reports its usage.
        bool isPaid = task.Status == ImageTaskStatus.Completed;
        long? tokens = task.TotalTokens ?? task.PromptTokens + task.CompletionTokens;
        SetAmount(counted, new Spending(
            isPaid && task.Image.Count > 0 ? 1 : 0,
            tokens is { } used ? Math.Max(0, Math.Min(used, MaximumTokens)) : isPaid ? counted.Amount.Tokens : 0,
            task.Cost is { } cost ? Math.Max(0, Math.Min(cost, MaximumCost)) : isPaid ? counted.Amount.Cost : 0));
    }

    /// <summary>Checks that a batch was not stopped since this run started.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.BatchStopped"/>: it was stopped.</exception>
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
        throw new NanoBananaException(NanoBananaErrorKind.BatchStopped, Messages.BatchStopped(batch, at, reader.GetString(1)));
    }

    /// <summary>Stops submitting in all runs of a batch that have started.</summary>
    /// <param name="batch">The name.</param>
    /// <param name="endpoint">The service; null for all.</param>
    /// <param name="by">The process that stops it.</param>
    public void Stop(string batch, Uri? endpoint, string by) => connection.Send(
        """
        INSERT INTO stop (batch, endpoint, asked_at, asked_by) VALUES (@batch, @endpoint, @now, @by)
        ON CONFLICT (batch, endpoint) DO UPDATE SET asked_at = excluded.asked_at, asked_by = excluded.asked_by
        """,
        ("@batch", batch), ("@endpoint", endpoint is null ? "" : KnownEndpoints.CanonicalOf(endpoint).AbsoluteUri), ("@by", by));

    private void Check(SpendingLimits limits, string? scope, string? day, Spending next)
    {
        if (limits.AreUnlimited || scope is null)
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

    /// <summary>The assumed maximum cost of an image.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and the price of an image is not known.
    /// </exception>
    public decimal PriceOf(ImageRequest request, Uri endpoint, RunBudget budget)
    {
        decimal? known = KnownPrice(request, endpoint);
        if (known is null && budget is { LimitsCost: true, CostPerImage: null } && (known = RecentPrice(request, endpoint)) is { } recent)
            StorePrice(request, endpoint, recent);
        if (known is null && budget.CostPerImage is null && budget.LimitsCost)
            throw PriceUnknown(request);
        return Math.Max(known ?? 0, budget.CostPerImage ?? 0);
    }

    /// <summary>The error of a limit of the cost without a known price.</summary>
    public static NanoBananaException PriceUnknown(ImageParameters request) => new(
        NanoBananaErrorKind.InvalidRequest, Messages.PriceUnknown(ResolutionOf(request), SpendingLimits.PriceVariable))
    {
        EndsSubmitting = true,
    };

    /// <summary>The start of the names of scopes that store the highest cost of an image.</summary>
    public const string PricePrefix = "price ";

    /// <summary>The scope that stores the highest cost of an image.</summary>
    public static string PriceScope(ImageParameters request, Uri endpoint) =>
        $"{PricePrefix}{KnownEndpoints.CanonicalOf(endpoint).AbsoluteUri} {request.Model} {ResolutionOf(request)}";

    private static string ResolutionOf(ImageParameters request) => request.Resolution ?? ImageModel.DefaultResolution;

    private decimal? KnownPrice(ImageParameters request, Uri endpoint)
    {
        using IJournalRows reader = connection.Read(
            "SELECT cost FROM spending WHERE scope = @scope", ("@scope", PriceScope(request, endpoint)));
        return reader.Read() ? (decimal)reader.GetDouble(0) : null;
    }

    /// <summary>The highest cost among the newest entries, for a journal without a stored price.</summary>
    private decimal? RecentPrice(ImageParameters request, Uri endpoint)
    {
        using IJournalRows reader = connection.Read(
            $"""
            SELECT MAX(cost) FROM task WHERE row > (SELECT MAX(row) FROM task) - {Newest} AND cost > 0 AND {EndpointNames.AtService}
                AND COALESCE(snapshot ->> 'Model', '') = @model
                AND COALESCE(snapshot ->> 'Resolution', @usual) = @resolution
            """,
            EndpointNames.Of(endpoint), ("@model", request.Model ?? ""), ("@usual", ImageModel.DefaultResolution),
            ("@resolution", ResolutionOf(request)));
        return reader.Read() && !reader.IsDBNull(0) ? (decimal)Math.Min(reader.GetDouble(0), (double)MaximumCost) : null;
    }

    private void StorePrice(ImageParameters request, Uri endpoint, decimal cost) => RaisePrice(PriceScope(request, endpoint), cost);

    /// <summary>Stores the cost of an image in its scope, if it is higher than the stored cost.</summary>
    public void RaisePrice(string scope, decimal cost) => connection.Send(
        """
        INSERT INTO spending (scope, images, tokens, cost) VALUES (@scope, 1, 0, @cost)
        ON CONFLICT (scope) DO UPDATE SET cost = excluded.cost WHERE excluded.cost > spending.cost
        """, ("@scope", scope), ("@cost", (double)cost));

    /// <summary>The columns with the amount of an entry and its scopes.</summary>
    public const string AmountColumns = "row, run, day, spent_images, spent_tokens, spent_cost";

    /// <summary>Reads <see cref="AmountColumns"/>.</summary>
    /// <returns>Null for an entry without a scope.</returns>
    public static (long Row, string? Run, string? Day, Spending Amount)? ReadAmount(IJournalRows reader) =>
        reader.IsDBNull(1) && reader.IsDBNull(2)
            ? null
            : (reader.GetInt64(0), reader.GetStringOrNull(1), reader.GetStringOrNull(2),
                new Spending(reader.GetInt64(3), reader.GetInt64(4), (decimal)reader.GetDouble(5)));

    private (long Row, string? Run, string? Day, Spending Amount)? Find(long row)
    {
        using IJournalRows reader = connection.Read($"SELECT {AmountColumns} FROM task WHERE row = @row", ("@row", row));
        return reader.Read() ? ReadAmount(reader) : null;
    }

    /// <summary>Changes the amount of an entry, in its row and in its scopes.</summary>
    private void SetAmount((long Row, string? Run, string? Day, Spending Amount) entry, Spending amount)
    {
        Spending difference = amount - entry.Amount;
        if (difference == default)
            return;
        connection.Send(
            "UPDATE task SET spent_images = @images, spent_tokens = @tokens, spent_cost = @cost WHERE row = @row",
            ("@images", amount.Images), ("@tokens", amount.Tokens), ("@cost", (double)amount.Cost), ("@row", entry.Row));
        Add(entry.Run, entry.Day, difference);
    }
}
