namespace NanoBanana.Client.Polling;

/// <summary>What one poll came to. Exactly one of <see cref="Goes"/>, <see cref="Pause"/>, <see cref="Ended"/> and <see cref="Error"/> is set.</summary>
internal readonly record struct PollStep
{
    /// <summary>The task goes on; the schedule says when to ask again.</summary>
    public bool Goes { get; init; }

    /// <summary>The least the server wants to be left alone, when it said so in a good answer.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The poll failed in a way that may heal; ask again after this.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>What was waited for is here.</summary>
    public ImageTask? Ended { get; init; }

    /// <summary>The wait is over without it.</summary>
    public Exception? Error { get; init; }
}
