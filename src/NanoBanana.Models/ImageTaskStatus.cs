using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>The status of a task. <see cref="ImageTask.RawStatus"/> has the status in the provider's own words.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ConvertTo-Json writes the names of a 64-bit enumeration, and the numbers of others.")]
public enum ImageTaskStatus : long
{
    /// <summary>A running process is submitting the request. Only in the journal.</summary>
    Submitting,

    /// <summary>The request was sent and no answer arrived. The task may exist and may be paid for.</summary>
    Unknown,

    /// <summary>Accepted and waiting in the queue of the service: <c>pending</c>, <c>queued</c>, <c>IN_QUEUE</c>.</summary>
    Pending,

    /// <summary>Running: <c>in_progress</c>, <c>processing</c>, <c>IN_PROGRESS</c>, and any unknown status.</summary>
    Running,

    /// <summary>Completed. The images can be downloaded.</summary>
    Completed,

    /// <summary>Failed; see <see cref="ImageTask.Error"/>.</summary>
    Failed,

    /// <summary>Canceled.</summary>
    Canceled,
}
