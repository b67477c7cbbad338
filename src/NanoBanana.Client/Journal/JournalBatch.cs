namespace NanoBanana.Client.Journal;

/// <summary>A batch in short: the current task of each of its requests, counted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">The endpoint of its newest task: batches of one name at two endpoints are two.</param>
/// <param name="Total">The number of its requests.</param>
/// <param name="Completed">The number of those that completed.</param>
/// <param name="Failed">The number of those that failed.</param>
/// <param name="Begun">When the oldest of these tasks was begun.</param>
public sealed record JournalBatch(string Name, Uri? Endpoint, int Total, int Completed, int Failed, DateTimeOffset Begun)
{
    internal JournalBatch Plus(JournalBatch part) => this with
    {
        Total = Total + part.Total,
        Completed = Completed + part.Completed,
        Failed = Failed + part.Failed,
        Begun = part.Begun < Begun ? part.Begun : Begun,
    };
}
