namespace NanoBanana.Client.Journal;

/// <summary>A batch at a glance: the newest task of each of its requests, counted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Total">How many requests it has.</param>
/// <param name="Completed">How many of them completed.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Begun">When the oldest of these tasks was begun.</param>
public sealed record JournalBatch(string Name, int Total, int Completed, int Failed, DateTimeOffset Begun);
