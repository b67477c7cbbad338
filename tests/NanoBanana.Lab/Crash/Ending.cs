namespace NanoBanana.Lab.Crash;

/// <summary>What happens to a process at a <see cref="KillPoint"/>.</summary>
public enum Ending
{
    /// <summary>SIGKILL: the process ends immediately. Submissions in flight can become unknown.</summary>
    Kill,

    /// <summary>SIGTERM. As with the next three, the process has time to store all ids.</summary>
    SigTerm,

    /// <summary>SIGHUP.</summary>
    SigHup,

    /// <summary>SIGINT: the pipeline stops, then the process ends.</summary>
    SigInt,

    /// <summary>The pipeline stops, the module is removed, then the process ends.</summary>
    Remove,

    /// <summary>SIGSTOP, and SIGCONT while a second process runs the same batch. Both run until they end.</summary>
    Pause,
}
