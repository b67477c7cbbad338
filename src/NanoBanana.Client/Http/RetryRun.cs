namespace NanoBanana.Client.Http;

/// <summary>One request on its way through its tries.</summary>
/// <param name="SendOnce">Sends it; is given the number of the try, from 1.</param>
/// <param name="MayTryAgain">The rule for this kind of request.</param>
/// <param name="Deadline">Bounds all tries and all waits between them.</param>
internal sealed record RetryRun(
    Func<int, CancellationToken, Task<Exchange>> SendOnce, Func<Exchange, bool> MayTryAgain, Deadline Deadline)
{
    public int Attempts { get; set; }

    public int FailuresInARow { get; set; }

    public TimeSpan NextDelay { get; set; }
}
