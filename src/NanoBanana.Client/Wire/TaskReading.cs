using NanoBanana.Client.Http;

namespace NanoBanana.Client.Wire;

/// <summary>What one answer of the provider says about a task, in whichever dialect it said it.</summary>
internal sealed record TaskReading
{
    public string? Id { get; init; }

    /// <summary>The provider's word; null where the answer has none.</summary>
    public required string? RawStatus { get; init; }

    public required ImageTaskStatus Status { get; init; }

    /// <summary>False for a word that no text of the provider has.</summary>
    public bool IsKnownStatus { get; init; } = true;

    /// <summary>Whether the answer names the type of its error, which only the end of a task does.</summary>
    public bool HasErrorType { get; init; }

    public string? Model { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public double? Progress { get; init; }
    public int? QueuePosition { get; init; }
    public IReadOnlyList<ImageOutput> Image { get; init; } = [];
    public string? Text { get; init; }
    public Uri? TextUrl { get; init; }
    public long? PromptTokens { get; init; }
    public long? CompletionTokens { get; init; }
    public long? TotalTokens { get; init; }
    public decimal? Cost { get; init; }
    public ImageTaskError? Error { get; init; }
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }
    public string? RequestId { get; init; }

    /// <summary>An answer that is the image itself.</summary>
    public static TaskReading OfImage(WireReply reply) => new()
    {
        RawStatus = null,
        Status = ImageTaskStatus.Completed,
        Image = [new ImageOutput { Url = reply.Address ?? ImageFinder.NoAddress, IsInline = true, Bytes = reply.Body, ContentType = reply.MediaType }],
        RequestId = reply.RequestId,
    };

    /// <summary>This answer, completed by what an earlier one about the same task says beyond it.</summary>
    public TaskReading Over(TaskReading earlier) => this with
    {
        RawStatus = RawStatus ?? earlier.RawStatus,
        Model = Model ?? earlier.Model,
        CreatedAt = CreatedAt ?? earlier.CreatedAt,
        CompletedAt = CompletedAt ?? earlier.CompletedAt,
        PromptTokens = PromptTokens ?? earlier.PromptTokens,
        CompletionTokens = CompletionTokens ?? earlier.CompletionTokens,
        TotalTokens = TotalTokens ?? earlier.TotalTokens,
        Cost = Cost ?? earlier.Cost,
        Metadata = Metadata ?? earlier.Metadata,
    };

    /// <summary>The next snapshot: what was known of the task, renewed by this answer.</summary>
    /// <param name="known">The snapshot so far.</param>
    /// <param name="now">The time of the answer by this machine's clock.</param>
    /// <param name="age">The time since acceptance by the monotonic clock; null when acceptance was not seen here.</param>
    public ImageTask Renew(ImageTask known, DateTimeOffset now, TimeSpan? age)
    {
        bool ended = Status is ImageTaskStatus.Completed or ImageTaskStatus.Failed or ImageTaskStatus.Canceled;
        DateTimeOffset? created = CreatedAt ?? known.CreatedAt;
        DateTimeOffset? completed = ended ? CompletedAt ?? known.CompletedAt ?? now : null;
        return known with
        {
            Status = Status,
            RawStatus = RawStatus,
            Model = Model ?? known.Model,
            CreatedAt = created,
            CompletedAt = completed,
            Elapsed = known.HasEnded ? known.Elapsed : NotNegative(CompletedAt - created ?? age ?? (completed ?? now) - created),
            Progress = ended ? null : Progress,
            QueuePosition = Status == ImageTaskStatus.Pending ? QueuePosition : null,
            Image = Image,
            Text = Text ?? known.Text,
            TextUrl = TextUrl ?? known.TextUrl,
            PromptTokens = PromptTokens ?? known.PromptTokens,
            CompletionTokens = CompletionTokens ?? known.CompletionTokens,
            TotalTokens = TotalTokens ?? known.TotalTokens,
            Cost = Cost ?? known.Cost,
            Error = Error,
            Metadata = Metadata ?? known.Metadata,
            RequestId = RequestId ?? known.RequestId,
        };
    }

    /// <summary>The provider's clock and this machine's need not agree.</summary>
    private static TimeSpan? NotNegative(TimeSpan? length) => length < TimeSpan.Zero ? TimeSpan.Zero : length;
}
