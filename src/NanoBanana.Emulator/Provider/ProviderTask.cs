using NanoBanana.Emulator.Images;

namespace NanoBanana.Emulator.Provider;

/// <summary>An accepted task. Its outcome is drawn at the start; only the clock, the polls and a cancel move it.</summary>
internal sealed class ProviderTask(string id, GenerationParameters parameters, PromptDirectives directives, TimeProvider time)
{
    /// <summary>The documented codes of failed tasks, as integers: leading zeros are lost on the wire.</summary>
    public static readonly int[] FailureCodes = [5001095, 5001096, 5001097, 5001098];

    /// <summary>The share of its time that a task stands in the queue.</summary>
    private const double QueueShare = 0.15;

    private readonly long _startedAt = time.GetTimestamp();
    private int _polls;
    private int _downloads;
    private string? _said;
    private volatile bool _released;
    private volatile bool _canceled;

    public string Id => id;

    /// <summary>See <see cref="EmulatorTask.Protocol"/>.</summary>
    public required string Protocol { get; init; }

    public GenerationParameters Parameters => parameters;

    public PromptDirectives Directives => directives;

    public DateTimeOffset AcceptedAt { get; } = time.GetUtcNow();

    /// <summary>See <see cref="GenerationParameters.Fingerprint"/>.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>The shape of the answer that holds its images.</summary>
    public EmulatorResultShape Shape { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The code that the task ends with, or null if it completes.</summary>
    public required int? FailureCode { get; init; }

    /// <summary>The documented text of <see cref="FailureCode"/>.</summary>
    public string FailureMessage => FailureCode switch
    {
        5001095 => "Internal generation error",
        5001096 => "Result parsing error",
        5001097 => "HTTP error response",
        5001098 => "Synchronous generation error",
        _ => "Unknown error",
    };

    /// <summary>Whether it has ended well.</summary>
    public bool IsCompleted => IsOver && !_canceled && FailureCode is null;

    public bool HasImage => Parameters.WantsImage && !Directives.NoImage && FailureCode is null && !_canceled;

    /// <summary>The size of each image.</summary>
    public IReadOnlyList<ImageSize> Sizes => Directives.Sizes.Count > 0
        ? Directives.Sizes
        : [ImageSizes.Find(Parameters.AspectRatio, Parameters.Resolution)];

    public bool HasText => Parameters.WantsText || Directives.NoImage;

    /// <summary>What the model writes, if it writes.</summary>
    public string Text => Directives.NoImage
        ? "No image could be made of this prompt: " + Parameters.Prompt
        : "An image of this prompt: " + Parameters.Prompt;

    public bool IsCanceled => _canceled;

    public bool IsOver => _canceled || (Directives.Hold ? _released : time.GetElapsedTime(_startedAt) >= Duration);

    /// <summary>Whether its turn has not come yet.</summary>
    public bool IsQueued => Duration > TimeSpan.Zero && Share < QueueShare && !IsOver;

    /// <summary>Share of the time that has passed, 0 to 0.99: a task that runs is never quite done.</summary>
    public double Progress => Math.Round(Math.Min(0.99, Share), 2);

    private double Share => Duration > TimeSpan.Zero
        ? time.GetElapsedTime(_startedAt).TotalSeconds / Duration.TotalSeconds
        : 0;

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

    /// <summary>Cancels what has not ended; a second time changes nothing.</summary>
    /// <returns>False when it has ended in another way.</returns>
    public bool TryCancel() => _canceled || (!IsOver && (_canceled = true));

    /// <summary>Ends what <c>[hold]</c> began; other tasks don't change.</summary>
    public void Release() => _released = true;

    public EmulatorTask Snapshot() => new(
        Id, Protocol, Parameters.Prompt, Parameters.Json, AcceptedAt, Volatile.Read(ref _polls), IsCanceled, Volatile.Read(ref _downloads));
}
