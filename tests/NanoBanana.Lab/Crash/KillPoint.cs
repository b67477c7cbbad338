namespace NanoBanana.Lab.Crash;

/// <summary>When a process is killed.</summary>
public enum KillPoint
{
    /// <summary>At any time.</summary>
    AnyTime,

    /// <summary>As soon as an intent is on disk: before, while, or just after its POST leaves.</summary>
    IntentOnDisk,

    /// <summary>The POST is there and not acted on yet.</summary>
    PostReceived,

    /// <summary>The POST has bought, and is not answered.</summary>
    PostBought,

    /// <summary>The answer is there, and can't be committed yet.</summary>
    AnswerNotCommitted,

    /// <summary>A download has begun.</summary>
    DownloadBegun,

    /// <summary>A download is complete, and its announcement can't be committed yet: it has no name.</summary>
    DownloadNotRenamed,

    /// <summary>As soon as an image has its name: before, while, or just after that is written down.</summary>
    ImageRenamed,
}
