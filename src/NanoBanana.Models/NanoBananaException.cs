using NanoBanana.Client;

namespace NanoBanana;

/// <summary>The exception of all errors of the client. The message never contains the API key.</summary>
/// <remarks>Messages can quote names and paths from other people, so characters that could disturb a terminal are removed.</remarks>
public sealed class NanoBananaException : Exception
{
    /// <summary>Creates an exception of a kind.</summary>
    /// <param name="kind">The kind of the error.</param>
    /// <param name="message">The message: what was wrong, what is allowed, what to do.</param>
    /// <param name="innerException">The cause; null without a cause.</param>
    public NanoBananaException(NanoBananaErrorKind kind, string message, Exception? innerException = null)
        : base(TextSafety.Clean(message), innerException) => Kind = kind;

    /// <summary>The kind of the error.</summary>
    public NanoBananaErrorKind Kind { get; }

    /// <summary>The HTTP status of the service's answer; null without an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The provider's code, as in <see cref="ImageTaskError.Code"/>.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>The provider's id of the request, for questions to the provider's support.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id of the task of the error; null if the error is not about one task.</summary>
    public string? TaskId { get; init; }

    /// <summary>Whether the error repeats an outcome of an earlier run from the journal. Nothing was sent.</summary>
    internal bool IsFromJournal { get; init; }

    /// <summary>Whether the service rejected the content of this input. Other inputs may be accepted.</summary>
    internal bool IsAboutInput { get; init; }

    /// <summary>The start of an answer in an unknown format.</summary>
    internal string? AnswerBeginning { get; init; }

    /// <summary>Whether that answer reports a completed task and has an output in an unknown format.</summary>
    internal bool IsOutputNotUnderstood { get; init; }

    /// <summary>Whether every later request would fail in the same way, so that the submissions end.</summary>
    internal bool EndsSubmitting { get; init; }

    /// <summary>Whether the message contains what to do, so that the error needs no recommended action.</summary>
    internal bool HasAdvice
    {
        get => field || InnerException is NanoBananaException { HasAdvice: true };
        init;
    }

    /// <summary>Whether it stands for an exception that is a defect of the module, which is its inner exception.</summary>
    internal bool IsUnexpected
    {
        get => field || InnerException is NanoBananaException { IsUnexpected: true };
        init;
    }

    /// <summary>The last snapshot of the task; null if the error is not about one task.</summary>
    public ImageTask? Task { get; init; }
}
