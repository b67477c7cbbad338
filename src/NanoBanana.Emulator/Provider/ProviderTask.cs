namespace NanoBanana.Emulator.Provider;

/// <summary>An accepted task. Its outcome is drawn at the start; only the clock and the polls move it.</summary>
internal sealed class ProviderTask
{
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private int _polls;
    private int _downloads;
    private string? _said;
    private volatile bool _released;

    public ProviderTask(string id, GenerationParameters parameters, PromptDirectives directives, TimeProvider time)
    {
        (Id, Parameters, Directives, _time) = (id, parameters, directives, time);
        AcceptedAt = time.GetUtcNow();
        _startedAt = time.GetTimestamp();
    }

    public string Id { get; }

    public GenerationParameters Parameters { get; }

    public PromptDirectives Directives { get; }

    public DateTimeOffset AcceptedAt { get; }

    /// <summary>See <see cref="GenerationParameters.Fingerprint"/>.</summary>
    public required ulong Fingerprint { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The code that the task ends with, or null if it completes.</summary>
    public required int? FailureCode { get; init; }

    public bool HasImage => Parameters.WantsImage && !Directives.NoImage && FailureCode is null;

    public bool HasText => Parameters.WantsText || Directives.NoImage;

    public bool IsOver => Directives.Hold ? _released : _time.GetElapsedTime(_startedAt) >= Duration;

    /// <summary>Share of the time that has passed, 0 to 0.99: a task that runs is never quite done.</summary>
    public double Progress
    {
        get
        {
            double share = Duration > TimeSpan.Zero
                ? _time.GetElapsedTime(_startedAt).TotalSeconds / Duration.TotalSeconds
                : 0;
            return Math.Round(Math.Min(0.99, share), 2);
        }
    }

    /// <summary>Counts a poll.</summary>
    /// <returns>The status word that this poll has to report, or null for the true state.</returns>
    public string? Poll()
    {
        int earlier = Interlocked.Increment(ref _polls) - 1;
        if (Interlocked.Exchange(ref _said, null) is { } said)
            return said;
        return earlier < Directives.StatusWords.Count ? Directives.StatusWords[earlier] : null;
    }

    /// <summary>Has the next poll report a word in place of the true state.</summary>
    public void SayNext(string word) => Volatile.Write(ref _said, word);

    public void Downloaded() => Interlocked.Increment(ref _downloads);

    /// <summary>Ends what <c>[hold]</c> began; other tasks don't change.</summary>
    public void Release() => _released = true;

    public EmulatorTask Snapshot() => new()
    {
        Id = Id,
        Prompt = Parameters.Prompt,
        Parameters = Parameters.Json,
        AcceptedAt = AcceptedAt,
        Polls = Volatile.Read(ref _polls),
        Downloads = Volatile.Read(ref _downloads),
    };
}
