namespace NanoBanana.Emulator;

/// <summary>A request as a script of faults sees it.</summary>
/// <param name="Operation">What it asks for.</param>
/// <param name="Path">Its path, without query.</param>
/// <param name="TaskId">The task that it is about; empty for a create.</param>
/// <param name="Body">Its body as text; empty for none.</param>
/// <param name="Attempt">How many equal requests (method, path, body) have come so far, from 1 for the first.</param>
public sealed record EmulatorRequest(EmulatorOperation Operation, string Path, string TaskId, string Body, int Attempt);

/// <summary>What a request asks the provider to do; faults are queued for each kind on its own.</summary>
public enum EmulatorOperation
{
    /// <summary>Submitting a task, which buys an image.</summary>
    Create,

    /// <summary>Asking for the state of a task.</summary>
    Poll,

    /// <summary>Fetching an image, with GET or HEAD.</summary>
    Download,

    /// <summary>Asking for what a completed task made; the queue protocol alone.</summary>
    Result,

    /// <summary>Canceling a task; the queue protocol alone.</summary>
    Cancel,

    /// <summary>Uploading a file to the storage.</summary>
    Upload,
}
