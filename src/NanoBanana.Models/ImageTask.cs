namespace NanoBanana;

/// <summary>
/// The provider's job for an accepted request: an immutable snapshot of it. Its properties have the names that
/// <c>New-NanoBananaImage</c> binds, so that a failed task can be piped back and is tried again.
/// </summary>
public sealed record ImageTask : ImageParameters
{
    private readonly IReadOnlyList<ImageOutput> _image = ReadableList<ImageOutput>.Of([]);
    private readonly IReadOnlyDictionary<string, object?>? _metadata;

    /// <summary>Makes a task about which only its required properties are known.</summary>
    public ImageTask()
    {
    }

    /// <summary>Makes a task of what was asked for.</summary>
    internal ImageTask(ImageParameters parameters)
        : base(parameters)
    {
    }

    /// <summary>The provider's id: the only way to the image. Empty for a submit whose answer never came.</summary>
    public required string Id { get; init; }

    /// <summary>Where the task stands.</summary>
    public required ImageTaskStatus Status { get; init; }

    /// <summary>The provider's own word for the status, as it came.</summary>
    public string? RawStatus { get; init; }

    /// <summary>How far the provider says it is, 0 to 1; only while running.</summary>
    public double? Progress { get; init; }

    /// <summary>How many stand before it in the provider's queue; only while pending, and only where the provider tells.</summary>
    public int? QueuePosition { get; init; }

    /// <summary>When the provider accepted it, by the provider's clock.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it ended: by the provider's clock, or when the end was seen if the provider does not tell.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>From acceptance to the end, or to this snapshot while it goes on.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The images; empty until completed.</summary>
    public IReadOnlyList<ImageOutput> Image
    {
        get => _image;
        init => _image = ReadableList<ImageOutput>.Of(value);
    }

    /// <summary>
    /// The full paths of the files that its images were saved to on this machine and that exist now, which is looked up each time;
    /// <see langword="null"/> for none. Known for a task of the journal and for that of a saved image. In PowerShell they are items.
    /// </summary>
    public IReadOnlyList<string>? File =>
        SavedTo?.Where(System.IO.File.Exists).ToArray() is { Length: > 0 } files ? ReadableList<string>.Of(files) : null;

    /// <summary>What the model wrote beside the images.</summary>
    public string? Text { get; init; }

    /// <summary>Where the model's text can be fetched, when the provider gives an address in place of the text.</summary>
    public Uri? TextUrl { get; init; }

    /// <summary>Tokens of the prompt; only when completed.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Tokens of the output; only when completed.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>All tokens; only when completed.</summary>
    public long? TotalTokens { get; init; }

    /// <summary>What the provider says it cost, in the provider's unit.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Why it failed; <see langword="null"/> unless it did.</summary>
    public ImageTaskError? Error { get; init; }

    /// <summary>The provider's free additions: text, numbers, truth values, lists and nested tables of them.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata
    {
        get => _metadata;
        init => _metadata = ReadableTable.Of(value);
    }

    /// <summary>What a person found out about it when its outcome was unknown; <see langword="null"/> when that was not needed.</summary>
    public ImageTaskVerdict? Verdict { get; init; }

    /// <summary>The provider's id of the last request about this task, for questions to its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>The base address of the API that knows this task.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The protocol under which it was made: the task is known under no other.</summary>
    public ApiProtocol? Protocol { get; init; }

    /// <summary>The full paths that its images were saved to, whether they are still there or not; null where that is not known.</summary>
    internal IReadOnlyCollection<string>? SavedTo { get; init; }

    /// <summary>True once the task has ended, in whichever way.</summary>
    internal bool HasEnded => Status is ImageTaskStatus.Completed or ImageTaskStatus.Failed or ImageTaskStatus.Canceled;

    /// <summary>When this process saw it accepted, in ticks of the client's monotonic clock.</summary>
    internal long? AcceptedTimestamp { get; init; }

    /// <summary>Its row in the journal, for a task that was read there.</summary>
    internal long? JournalRow { get; init; }

    /// <summary>True for a task of a list of the journal, which can hold tasks of several services.</summary>
    internal bool IsFromList { get; init; }

    /// <summary>True once an error record about its end was written, so that no later stage repeats it.</summary>
    internal bool FailureReported { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
