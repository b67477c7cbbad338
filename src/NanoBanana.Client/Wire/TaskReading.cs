using NanoBanana.Client.Http;

namespace NanoBanana.Client.Wire;

/// <summary>The data of a task in one answer, in both dialects.</summary>
internal sealed record TaskReading
{
    public string? Id { get; init; }

    /// <summary>The status in the provider's words; null if the answer has no status.</summary>
    public required string? RawStatus { get; init; }

    public required ImageTaskStatus Status { get; init; }

    /// <summary>Whether the status is known.</summary>
    public bool IsKnownStatus { get; init; } = true;

    /// <summary>Whether the answer has the type of an error, which only the end of a task has.</summary>
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

    /// <summary>The reading of an answer that is an image.</summary>
    public static TaskReading OfImage(WireReply reply) => new()
    {
        RawStatus = null,
        Status = ImageTaskStatus.Completed,
        Image =
        [
            new ImageOutput
            {
                Url = reply.Address ?? ImageFinder.NoAddress,
                IsInline = true,
                Bytes = reply.Body,
                ContentType = reply.MediaType,
            },
        ],
        RequestId = reply.RequestId,
    };

    /// <summary>This reading, with missing values from an earlier answer about the same task.</summary>
    public TaskReading WithMissingFrom(TaskReading earlier) => this with
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

    /// <summary>Creates the next snapshot: the known values, updated from this answer.</summary>
    /// <param name="known">The last snapshot.</param>
    /// <param name="now">The time of the answer by this machine's clock.</param>
    /// <param name="age">The time since acceptance by the monotonic clock; null if another process received the acceptance.</param>
    public ImageTask ToSnapshot(ImageTask known, DateTimeOffset now, TimeSpan? age)
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

    /// <summary>Avoids a negative time, because the provider's clock and this machine's clock can differ.</summary>
    private static TimeSpan? NotNegative(TimeSpan? length) => length < TimeSpan.Zero ? TimeSpan.Zero : length;
}
