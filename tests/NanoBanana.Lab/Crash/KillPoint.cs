namespace NanoBanana.Lab.Crash;

/// <summary>The moment of a kill.</summary>
public enum KillPoint
{
    /// <summary>At any time.</summary>
    AnyTime,

    /// <summary>As soon as an intent is on disk: before, during or just after the send of its POST.</summary>
    IntentStored,

    /// <summary>The service has received the POST and has not accepted it.</summary>
    PostReceived,

    /// <summary>The service has accepted the POST and has not answered.</summary>
    PostAccepted,

    /// <summary>The answer has arrived and can't be committed.</summary>
    AnswerNotCommitted,

    /// <summary>A download has started.</summary>
    DownloadStarted,

    /// <summary>A download is complete, but its record can't be committed, so the file has no final name.</summary>
    DownloadNotRenamed,

    /// <summary>As soon as an image has its final name: before, during or just after the record of it.</summary>
    ImageRenamed,
}
