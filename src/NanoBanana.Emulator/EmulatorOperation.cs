namespace NanoBanana.Emulator;

/// <summary>What a request asks the provider to do; faults are queued for each kind on its own.</summary>
public enum EmulatorOperation
{
    /// <summary>Submitting a task, which buys a picture.</summary>
    Create,

    /// <summary>Asking for the state of a task.</summary>
    Poll,

    /// <summary>Fetching a picture, with GET or HEAD.</summary>
    Download,

    /// <summary>Asking for what a completed task made; the queue protocol alone.</summary>
    Result,

    /// <summary>Canceling a task; the queue protocol alone.</summary>
    Cancel,

    /// <summary>Uploading a file to the storage.</summary>
    Upload,
}
