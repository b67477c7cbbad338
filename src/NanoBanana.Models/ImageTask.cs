namespace NanoBanana;

/// <summary>
/// A snapshot of the provider's job for an accepted request. It is immutable. Its properties have the names that <c>New-NanoBananaImage</c>
/// binds, so you can pipe a failed task back to try again.
/// </summary>
public sealed record ImageTask : ImageParameters
{
    private readonly IReadOnlyList<ImageOutput> _image = ReadableList<ImageOutput>.Of([]);
    private readonly IReadOnlyDictionary<string, object?>? _metadata;

    /// <summary>Creates a task with its required properties only.</summary>
    public ImageTask()
    {
    }

    /// <summary>Creates a task from the parameters of a request.</summary>
    internal ImageTask(ImageParameters parameters)
        : base(parameters)
    {
    }

    /// <summary>
    /// The provider's id of the task. Without it the image can't be downloaded. Empty for a submission without an answer.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The status of the task.</summary>
    public required ImageTaskStatus Status { get; init; }

    /// <summary>The status in the provider's own words.</summary>
    public string? RawStatus { get; init; }

    /// <summary>The progress that the provider reports, 0 to 1; only while the task runs.</summary>
    public double? Progress { get; init; }

    /// <summary>
    /// The number of tasks ahead in the provider's queue; only while the task is pending, and only if the provider reports it.
    /// </summary>
    public int? QueuePosition { get; init; }

    /// <summary>The time when the provider accepted the task, by the provider's clock.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>
    /// The time when the task ended, by the provider's clock. If the provider does not report it, the time when this process received the
    /// result.
    /// </summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The time from acceptance to the end, or to this snapshot while the task runs.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The images; empty until the task is completed.</summary>
    public IReadOnlyList<ImageOutput> Image
    {
        get => _image;
        init => _image = ReadableList<ImageOutput>.Of(value);
    }

    /// <summary>
    /// The full paths of the existing files that the images were saved to on this machine. Each access checks whether the files exist.
    /// <see langword="null"/> without such a file. Available for a task from the journal and for the task of a saved image. In PowerShell
    /// they are file items.
    /// </summary>
    public IReadOnlyList<string>? File =>
        SavedTo?.Where(System.IO.File.Exists).ToArray() is { Length: > 0 } files ? ReadableList<string>.Of(files) : null;

    /// <summary>The text that the model wrote in addition to the images.</summary>
    public string? Text { get; init; }

    /// <summary>The address of the model's text, if the provider returns an address instead of the text.</summary>
    public Uri? TextUrl { get; init; }

    /// <summary>The tokens of the prompt; only when the task is completed.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>The tokens of the output; only when the task is completed.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>The total number of tokens; only when the task is completed.</summary>
    public long? TotalTokens { get; init; }

    /// <summary>The cost that the provider reports, in the provider's unit.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The error of a failed task; <see langword="null"/> for any other task.</summary>
    public ImageTaskError? Error { get; init; }

    /// <summary>Additional data of the provider: text, numbers, Boolean values, lists and nested tables.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata
    {
        get => _metadata;
        init => _metadata = ReadableTable.Of(value);
    }

    /// <summary>
    /// The outcome that a person recorded for a submission with an unknown outcome; <see langword="null"/> if that was not needed.
    /// </summary>
    public ImageTaskVerdict? Verdict { get; init; }

    /// <summary>The provider's id of the last request about this task, for questions to the provider's support.</summary>
    public string? RequestId { get; init; }

    /// <summary>The base address of the API that has this task.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The protocol that the task was submitted with. The service finds the task with this protocol only.</summary>
    public ApiProtocol? Protocol { get; init; }

    /// <summary>The full paths that the images were saved to, even if the files no longer exist; null if they are not known.</summary>
    internal IReadOnlyCollection<string>? SavedTo { get; init; }

    /// <summary>Whether the task has ended: completed, failed or canceled.</summary>
    internal bool HasEnded => Status is ImageTaskStatus.Completed or ImageTaskStatus.Failed or ImageTaskStatus.Canceled;

    /// <summary>When this process received the acceptance, in ticks of the client's monotonic clock.</summary>
    internal long? AcceptedTimestamp { get; init; }

    /// <summary>The row in the journal, for a task from the journal.</summary>
    internal long? JournalRow { get; init; }

    /// <summary>Whether the task comes from a list of the journal, which can have tasks of several services.</summary>
    internal bool IsFromList { get; init; }

    /// <summary>Whether an error record about its end was already written, so that no later stage writes it again.</summary>
    internal bool FailureReported { get; init; }

    /// <summary>The id of the task.</summary>
    public override string ToString() => Id;
}
