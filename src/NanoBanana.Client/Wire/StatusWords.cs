namespace NanoBanana.Client.Wire;

/// <summary>
/// The words for the status of a task, by family. Gateways name the same status in different ways, often with a prefix
/// (<c>TASK_STATUS_SUCCEED</c>). The order of the checks matters, because <c>incomplete</c> contains <c>complete</c>.
/// </summary>
internal static class StatusWords
{
    private static readonly string[] Failures =
        ["FAIL", "ERROR", "TIMEOUT", "TIMEDOUT", "BLOCK", "REJECT", "EXPIRE", "DENIED", "REFUSE", "INVALID", "ABORT", "KILLED", "CRASH",
         "VIOLAT",
         "MODERATED", "DELETED", "TERMINATED", "UNSUCCESS", "INCOMPLETE", "INSUFFICIENT", "NSFW", "FILTERED", "STOPPED", "UNSAFE", "DEAD",
         "DECLIN", "EXCEED", "EXHAUST", "DISALLOW", "NOTALLOW", "UNAUTHORI", "SENSITIVE", "REMOVED", "REVOK", "FLAG", "FAULTED",
         "EXCEPTION", "BANNED", "ILLEGAL", "FORBIDDEN", "LOST", "PROHIBIT", "NOTFOUND", "UNKNOWNERROR"];

    private static readonly string[] Pending = ["PEND", "QUEUE", "WAIT", "SUBMIT", "SCHEDUL", "ACCEPT", "NOTSTART", "RECEIVED", "CREATED"];

    private static readonly string[] Successes =
        ["SUCCE", "COMPLETE", "DONE", "FINISH", "READY", "GENERATED", "ENDED", "FULFILL", "DELIVERED", "RESOLVED", "PROCESSED",
         "AVAILABLE"];

    private static readonly string[] Running =
        ["PROCESS", "PROGRESS", "RUN", "START", "ACTIVE", "WORK", "RETRY", "EXECUT", "INIT", "PREPAR", "DISPATCH", "ASSIGN", "THROTTLE",
         "PAUSE",
         "DELAY", "DEFER", "ONGOING", "DOING", "CANCELLATIONREQUESTED", "CANCELREQUESTED", "PICKED", "RESUME", "GENERAT", "RENDER",
         "COMPUT", "UPSCAL",
         "POLL", "ALLOCAT", "BOOT", "BUSY", "IDLE", "DREAM", "THINK", "DRAW", "STREAM", "MODAL", "WIP"];

    private static readonly string[] Ongoing = ["QUEU", "CANCEL", "CREAT", "LOAD", "SAV", "MODERAT", "VALIDAT", "SAMPL", "WARM", "COMPLET",
        "INFERENC"];

    /// <summary>The status of a word; null for an unknown word or number.</summary>
    public static ImageTaskStatus? Of(string? word)
    {
        if (word is null || word.Length > 60)
            return null;
        string plain = Fields.Key(word).ToUpperInvariant();
        if (plain is "OK" or "TRUE" or "SUCC")
            return ImageTaskStatus.Completed;
        if (plain is "NEW" or "OPEN" or "CREATING" or "HOLD" or "ONHOLD" or "BACKLOG")
            return ImageTaskStatus.Pending;
        if (plain is "NG" or "KO" or "FALSE")
            return ImageTaskStatus.Failed;
        // A word that ends in -ing means that the task is still running, in any family: FINISHING, CANCELING, RETRYING. An unknown word
        // causes a warning.
        if (plain.EndsWith("ING", StringComparison.Ordinal)
            && (plain.ContainsAny(Ongoing) || plain.ContainsAny(Pending) || plain.ContainsAny(Running) || plain.ContainsAny(Successes)
                || plain.ContainsAny(Failures)))
            return plain.ContainsAny("PENDING", "QUEU", "WAIT", "SUBMIT", "SCHEDUL") ? ImageTaskStatus.Pending : ImageTaskStatus.Running;
        if ((plain.StartsWith("NOT", StringComparison.Ordinal) || plain.StartsWith("UN", StringComparison.Ordinal))
            && plain.ContainsAny("READY", "COMPLETE", "FINISH", "DONE", "START"))
            return plain.ContainsAny("START") ? ImageTaskStatus.Pending : ImageTaskStatus.Running;
        if (plain.ContainsAny("CANCELED", "CANCELLED") || plain.EndsWith("CANCEL", StringComparison.Ordinal))
            return ImageTaskStatus.Canceled;
        return plain.ContainsAny(Failures) ? ImageTaskStatus.Failed
            : plain.ContainsAny(Successes) ? ImageTaskStatus.Completed
            : plain.ContainsAny(Pending) ? ImageTaskStatus.Pending
            : plain.ContainsAny(Running) ? ImageTaskStatus.Running
            : null;
    }
}
