using NanoBanana.Client;

namespace NanoBanana;

/// <summary>The one family of exceptions that the client throws. The message never holds the API key.</summary>
/// <remarks>Messages quote names and paths from anyone: what could disturb a terminal is taken out of them here.</remarks>
public sealed class NanoBananaException : Exception
{
    /// <summary>Makes an exception of a kind.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What was wrong, what is allowed, what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public NanoBananaException(NanoBananaErrorKind kind, string message, Exception? innerException = null)
        : base(TextSafety.Clean(message), innerException) => Kind = kind;

    /// <summary>What went wrong.</summary>
    public NanoBananaErrorKind Kind { get; }

    /// <summary>The HTTP status that the service answered with, when it answered.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The provider's code, as in <see cref="ImageTaskError.Code"/>.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>The provider's id of the request, for questions to its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id of the task that it is about, when there is one.</summary>
    public string? TaskId { get; init; }

    /// <summary>Whether it repeats what an earlier run left in the journal; nothing was sent.</summary>
    internal bool IsFromJournal { get; init; }

    /// <summary>Whether the service refused what the input asks for, which tells nothing about other inputs.</summary>
    internal bool IsAboutInput { get; init; }

    /// <summary>The beginning of an answer that was not understood.</summary>
    internal string? AnswerBeginning { get; init; }

    /// <summary>Whether that answer says that the task is completed and holds an output that was not understood.</summary>
    internal bool IsOutputNotUnderstood { get; init; }

    /// <summary>Whether every request that follows would fail in the same way, so that submitting ends.</summary>
    internal bool EndsSubmitting { get; init; }

    /// <summary>The last snapshot of that task, when there is one.</summary>
    public ImageTask? Task { get; init; }
}
