namespace NanoBanana.Client.Wire;

/// <summary>
/// The words for where a task stands, by family: gateways name the same states in their own ways, often with a prefix
/// (<c>TASK_STATUS_SUCCEED</c>). The order of the checks matters: <c>incomplete</c> holds <c>complete</c>.
/// </summary>
internal static class StatusWords
{
    private static readonly string[] Failures =
        ["FAIL", "ERROR", "TIMEOUT", "TIMEDOUT", "BLOCK", "REJECT", "EXPIRE", "DENIED", "REFUSE", "INVALID", "ABORT", "KILLED", "CRASH", "VIOLAT",
         "MODERATED", "DELETED", "TERMINATED", "UNSUCCESS", "INCOMPLETE", "INSUFFICIENT", "NSFW", "FILTERED", "STOPPED", "UNSAFE", "DEAD",
         "DECLIN", "EXCEED", "EXHAUST", "DISALLOW", "NOTALLOW", "UNAUTHORI", "SENSITIVE", "REMOVED", "REVOK", "FLAG", "FAULTED",
         "EXCEPTION", "BANNED", "ILLEGAL", "FORBIDDEN", "LOST", "PROHIBIT", "NOTFOUND", "UNKNOWNERROR"];

    private static readonly string[] Pending = ["PEND", "QUEUE", "WAIT", "SUBMIT", "SCHEDUL", "ACCEPT", "NOTSTART", "RECEIVED", "CREATED"];

    private static readonly string[] Successes =
        ["SUCCE", "COMPLETE", "DONE", "FINISH", "READY", "GENERATED", "ENDED", "FULFILL", "DELIVERED", "RESOLVED", "PROCESSED", "AVAILABLE"];

    private static readonly string[] Running =
        ["PROCESS", "PROGRESS", "RUN", "START", "ACTIVE", "WORK", "RETRY", "EXECUT", "INIT", "PREPAR", "DISPATCH", "ASSIGN", "THROTTLE", "PAUSE",
         "DELAY", "DEFER", "ONGOING", "DOING", "CANCELLATIONREQUESTED", "CANCELREQUESTED", "PICKED", "RESUME", "GENERAT", "RENDER", "COMPUT", "UPSCAL",
         "POLL", "ALLOCAT", "BOOT", "BUSY", "IDLE", "DREAM", "THINK", "DRAW", "STREAM", "MODAL", "WIP"];

    private static readonly string[] Going = ["QUEU", "CANCEL", "CREAT", "LOAD", "SAV", "MODERAT", "VALIDAT", "SAMPL", "WARM", "COMPLET", "INFERENC"];

    /// <summary>What a word means; a word of no family is a task that goes on.</summary>
    public static ImageTaskStatus Read(string word, out bool known)
    {
        ImageTaskStatus? status = Of(word);
        known = status is not null;
        return status ?? ImageTaskStatus.Running;
    }

    /// <summary>What a word means; null for a word or number of no family.</summary>
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
        // What ends in -ing goes on, whichever family it is of: FINISHING, CANCELING, RETRYING. An unusual one gives a warning.
        if (plain.EndsWith("ING", StringComparison.Ordinal)
            && (plain.HoldsAny(Going) || plain.HoldsAny(Pending) || plain.HoldsAny(Running) || plain.HoldsAny(Successes) || plain.HoldsAny(Failures)))
            return plain.HoldsAny("PENDING", "QUEU", "WAIT", "SUBMIT", "SCHEDUL") ? ImageTaskStatus.Pending : ImageTaskStatus.Running;
        if ((plain.StartsWith("NOT", StringComparison.Ordinal) || plain.StartsWith("UN", StringComparison.Ordinal))
            && plain.HoldsAny("READY", "COMPLETE", "FINISH", "DONE", "START"))
            return plain.HoldsAny("START") ? ImageTaskStatus.Pending : ImageTaskStatus.Running;
        if (plain.HoldsAny("CANCELED", "CANCELLED") || plain.EndsWith("CANCEL", StringComparison.Ordinal))
            return ImageTaskStatus.Canceled;
        return plain.HoldsAny(Failures) ? ImageTaskStatus.Failed
            : plain.HoldsAny(Successes) ? ImageTaskStatus.Completed
            : plain.HoldsAny(Pending) ? ImageTaskStatus.Pending
            : plain.HoldsAny(Running) ? ImageTaskStatus.Running
            : null;
    }
}
