namespace NanoBanana.Emulator;

/// <summary>A request, as <see cref="EmulatorOptions.FaultScript"/> receives it.</summary>
/// <param name="Operation">Its kind.</param>
/// <param name="Path">Its path, without query.</param>
/// <param name="TaskId">The id of its task; empty for a create.</param>
/// <param name="Body">Its body as text; empty without a body.</param>
/// <param name="Attempt">The number of this request among equal ones (method, path, body), from 1.</param>
public sealed record EmulatorRequest(EmulatorOperation Operation, string Path, string TaskId, string Body, int Attempt);

/// <summary>The kinds of requests. Faults are queued for each kind separately.</summary>
public enum EmulatorOperation
{
    /// <summary>Submits a request, which costs money at the real provider.</summary>
    Create,

    /// <summary>Requests the status of a task.</summary>
    Poll,

    /// <summary>Downloads an image, with GET or HEAD.</summary>
    Download,

    /// <summary>Requests the images of a completed task. Queue protocol only.</summary>
    Result,

    /// <summary>Cancels a task. Queue protocol only.</summary>
    Cancel,

    /// <summary>Uploads a file to the storage.</summary>
    Upload,
}
