using NanoBanana.Emulator.Images;

namespace NanoBanana.Emulator.Provider;

/// <summary>
/// An accepted task. Its outcome is determined at the start. Only the clock, polls and a cancel request change its state.
/// </summary>
internal sealed class ProviderTask(string id, GenerationParameters parameters, PromptDirectives directives, TimeProvider time)
{
    /// <summary>The documented codes of failed tasks, as integers. They have no leading zeros on the wire.</summary>
    public static readonly int[] FailureCodes = [5001095, 5001096, 5001097, 5001098];

    /// <summary>The share of its duration that a task is in the queue.</summary>
    private const double QueueShare = 0.15;

    private readonly long _startedAt = time.GetTimestamp();
    private int _polls;
    private int _downloads;
    private string? _nextStatus;
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

    /// <summary>The shape of the answer with its images.</summary>
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

    /// <summary>Whether it has ended without a failure.</summary>
    public bool IsCompleted => HasEnded && !_canceled && FailureCode is null;

    public bool HasImage => Parameters.WantsImage && !Directives.NoImage && FailureCode is null && !_canceled;

    /// <summary>The size of each image.</summary>
    public IReadOnlyList<ImageSize> Sizes => Directives.Sizes.Count > 0
        ? Directives.Sizes
        : [ImageSizes.Find(Parameters.AspectRatio, Parameters.Resolution)];

    public bool HasText => Parameters.WantsText || Directives.NoImage;

    /// <summary>The text of the model.</summary>
    public string Text => Directives.NoImage
        ? "No image could be made of this prompt: " + Parameters.Prompt
        : "An image of this prompt: " + Parameters.Prompt;

    public bool IsCanceled => _canceled;

    public bool HasEnded => _canceled || (Directives.Hold ? _released : time.GetElapsedTime(_startedAt) >= Duration);

    /// <summary>Whether it is still in the queue.</summary>
    public bool IsQueued => Duration > TimeSpan.Zero && Share < QueueShare && !HasEnded;

    /// <summary>Elapsed share of its duration, from 0 to 0.99, because only a task that has ended has 1.</summary>
    public double Progress => Math.Round(Math.Min(0.99, Share), 2);

    private double Share => Duration > TimeSpan.Zero
        ? time.GetElapsedTime(_startedAt).TotalSeconds / Duration.TotalSeconds
        : 0;

    /// <summary>Counts a poll.</summary>
    /// <returns>The status word of this poll, or null for the true status.</returns>
    public string? Poll()
    {
        int earlier = Interlocked.Increment(ref _polls) - 1;
        if (Interlocked.Exchange(ref _nextStatus, null) is { } word)
            return word;
        return earlier < Directives.StatusWords.Count ? Directives.StatusWords[earlier] : null;
    }

    /// <summary>Makes the next poll report a word instead of the true status.</summary>
    public void ReportNext(string word) => Volatile.Write(ref _nextStatus, word);

    public void CountDownload() => Interlocked.Increment(ref _downloads);

    /// <summary>Cancels the task unless it has ended. A second cancel has no effect.</summary>
    /// <returns>False if it has ended before.</returns>
    public bool TryCancel() => _canceled || (!HasEnded && (_canceled = true));

    /// <summary>Ends a task with <c>[hold]</c>. It has no effect on other tasks.</summary>
    public void Release() => _released = true;

    public EmulatorTask Snapshot() => new(
        Id, Protocol, Parameters.Prompt, Parameters.Json, AcceptedAt, Volatile.Read(ref _polls), IsCanceled, Volatile.Read(ref _downloads));
}
