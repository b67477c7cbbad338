namespace NanoBanana.Client.Http;

/// <summary>A step in the life of a request, or of the connection, as a log keeps it.</summary>
/// <param name="Kind">What happened.</param>
public sealed record ClientEvent(ClientEventKind Kind)
{
    /// <summary>The request or the task that it is about; null for one of the connection.</summary>
    public ImageParameters? About { get; init; }

    /// <summary>The number of the attempt, from 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>How long a pause lasts.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>The file of a saved image.</summary>
    public string? File { get; init; }

    /// <summary>What went wrong.</summary>
    public NanoBananaErrorKind? Error { get; init; }

    /// <summary>The reason, in a sentence.</summary>
    public string? Message { get; init; }
}

/// <summary>What can happen.</summary>
public enum ClientEventKind
{
    /// <summary>A submit leaves.</summary>
    Submitted,

    /// <summary>The service accepted it: a task is bought.</summary>
    Accepted,

    /// <summary>An earlier run of the batch has bought it.</summary>
    Held,

    /// <summary>The task has ended.</summary>
    Ended,

    /// <summary>An image is saved.</summary>
    Saved,

    /// <summary>A request is sent again.</summary>
    Retried,

    /// <summary>All requests of the connection pause.</summary>
    Paused,

    /// <summary>The request is not sent, because submitting has ended.</summary>
    Skipped,

    /// <summary>It failed: the submit, the wait, or saving.</summary>
    Failed,

    /// <summary>The command was stopped before its work had ended.</summary>
    Stopped,
}
