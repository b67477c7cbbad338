using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>Where a task stands. The provider's own word is kept in <see cref="ImageTask.RawStatus"/>.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ConvertTo-Json writes the names of a 64-bit enumeration, and the numbers of others.")]
public enum ImageTaskStatus : long
{
    /// <summary>The submit is being sent by a living process. Seen in the journal only.</summary>
    Submitting,

    /// <summary>The submit was sent and its answer never came: the task may exist and may have been paid for.</summary>
    Unknown,

    /// <summary>Accepted and waiting its turn: <c>pending</c>, <c>queued</c>, <c>IN_QUEUE</c>.</summary>
    Pending,

    /// <summary>Being worked on: <c>in_progress</c>, <c>processing</c>, <c>IN_PROGRESS</c>, and any word not known.</summary>
    Running,

    /// <summary>Ended well; its images can be downloaded.</summary>
    Completed,

    /// <summary>Ended with an error; see <see cref="ImageTask.Error"/>.</summary>
    Failed,

    /// <summary>Ended because it was canceled.</summary>
    Canceled,
}
