using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client;

/// <summary>What a client is made of: how the API is reached, and where purchases are recorded.</summary>
public sealed record NanoBananaClientOptions : ApiOptions
{
    /// <summary>The full path of the log of its commands; null for none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Where purchases are recorded. Called at every operation, so that it follows the environment.</summary>
    public Func<JournalHandle> Journal { get; init; } = () => JournalHandle.None;

    /// <summary>The most that the journal may buy in a day (UTC), over whichever connection and in whichever process.</summary>
    public SpendingLimits DailyLimits { get; init; } = SpendingLimits.None;

    /// <summary>Further limits of a day. Called at the start of every run, so that it follows the environment.</summary>
    public Func<SpendingLimits> LimitsOfEnvironment { get; init; } = () => SpendingLimits.None;
}
