using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client;

/// <summary>The options of a client: the connection to the API, and the journal.</summary>
public sealed record NanoBananaClientOptions : ApiOptions
{
    /// <summary>The full path of the log of the commands; null for no log.</summary>
    public string? LogPath { get; init; }

    /// <summary>Returns the journal. Called for every operation, because the environment can change.</summary>
    public Func<JournalHandle> Journal { get; init; } = () => JournalHandle.None;

    /// <summary>The limits of the journal per day (UTC), for all connections and processes together.</summary>
    public SpendingLimits DailyLimits { get; init; } = SpendingLimits.None;

    /// <summary>Returns additional limits per day. Called at the start of every run, because the environment can change.</summary>
    public Func<SpendingLimits> LimitsOfEnvironment { get; init; } = () => SpendingLimits.None;
}
