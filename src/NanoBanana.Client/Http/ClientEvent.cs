namespace NanoBanana.Client.Http;

/// <summary>An event of a request or of the connection, for the log.</summary>
/// <param name="Kind">The kind of the event.</param>
public sealed record ClientEvent(ClientEventKind Kind)
{
    /// <summary>The request or the task of the event; null for an event of the connection.</summary>
    public ImageParameters? About { get; init; }

    /// <summary>The number of the attempt, from 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>The length of a pause.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>The file of a saved image.</summary>
    public string? File { get; init; }

    /// <summary>The kind of the error.</summary>
    public NanoBananaErrorKind? Error { get; init; }

    /// <summary>The reason, as a sentence.</summary>
    public string? Message { get; init; }
}

/// <summary>The kinds of events.</summary>
public enum ClientEventKind
{
    /// <summary>A request is submitted.</summary>
    Submitted,

    /// <summary>The service accepted the request. The task is paid for.</summary>
    Accepted,

    /// <summary>An earlier run of the batch submitted the request.</summary>
    Held,

    /// <summary>The task has ended.</summary>
    Ended,

    /// <summary>An image is saved.</summary>
    Saved,

    /// <summary>A request is sent again.</summary>
    Retried,

    /// <summary>All requests of the connection pause.</summary>
    Paused,

    /// <summary>The request is not sent, because the submissions have ended.</summary>
    Skipped,

    /// <summary>The submission, the wait or the saving failed.</summary>
    Failed,

    /// <summary>The command was stopped before all work was done.</summary>
    Stopped,
}
