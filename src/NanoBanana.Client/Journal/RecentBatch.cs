namespace NanoBanana.Client.Journal;

/// <summary>A batch at a glance.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Total">How many tasks it has, those that were tried again too.</param>
/// <param name="Completed">How many of them completed.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Begun">When its newest task was begun.</param>
public sealed record RecentBatch(string Name, int Total, int Completed, int Failed, DateTimeOffset Begun);
