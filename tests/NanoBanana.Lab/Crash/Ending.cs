namespace NanoBanana.Lab.Crash;

/// <summary>How a process ends, or what else happens to it, at a <see cref="KillPoint"/>.</summary>
public enum Ending
{
    /// <summary>SIGKILL: nothing of the process runs any more. Submits on their way may become unknown.</summary>
    Kill,

    /// <summary>SIGTERM. Like the next three, it leaves time: no id that the service gives may be lost.</summary>
    SigTerm,

    /// <summary>SIGHUP.</summary>
    SigHup,

    /// <summary>SIGINT: the pipeline stops, then the process ends.</summary>
    SigInt,

    /// <summary>The pipeline stops, the module is removed, then the process ends.</summary>
    Remove,

    /// <summary>SIGSTOP, and SIGCONT while a second process runs the same batch. Both go on to their end.</summary>
    Pause,
}
