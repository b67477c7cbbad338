namespace NanoBanana.Lab.Crash;

/// <summary>Brings a process to the moment of its kill, with faults of the provider and a lock of the journal.</summary>
internal sealed class KillTrigger(EmulatorServer emulator, Batch batch, Random random)
{
    /// <summary>Maximum number of concurrent submissions of the script. With as many faults, no other submission interferes.</summary>
    private const int InFlight = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A moment that this batch can still reach. The specific moments are more likely than any time.</summary>
    public KillPoint Choose()
    {
        bool canBuy = batch.Prompts.Count - batch.Journal.Held(batch.Name) >= InFlight;
        bool canSave = batch.Prompts.Count - batch.Images.Count - batch.Journal.Unknown(batch.Name).Count >= InFlight;
        // A run that downloads has submitted everything.
        if (canBuy && random.NextDouble() < 0.75)
            return (KillPoint)random.Next((int)KillPoint.IntentStored, (int)KillPoint.DownloadStarted);
        return canSave && random.NextDouble() < 0.75
            ? (KillPoint)random.Next((int)KillPoint.DownloadStarted, (int)KillPoint.ImageRenamed + 1)
            : KillPoint.AnyTime;
    }

    /// <summary>Prepares the moment. Call it before the process starts.</summary>
    /// <returns>A function that waits for the moment. Dispose its result after the kill.</returns>
    public Func<Task<IDisposable?>> Prepare(KillPoint point)
    {
        EmulatorCounters before = emulator.Counters;
        int images = batch.Images.Count;
        int count = random.Next(1, InFlight + 1);
        Task Faults() => WaitForAsync(now => now.Faults >= before.Faults + count);
        Task Accepted() => WaitForAsync(now => now.CreatesAccepted >= before.CreatesAccepted + count);
        switch (point)
        {
            case KillPoint.AnyTime:
                return async () =>
                {
                    await Task.Delay(random.Next(1500));
                    return null;
                };
            case KillPoint.IntentStored:
                return () => UntilAsync(() => batch.Journal.Intents() > 0);
            case KillPoint.PostReceived:
                Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), count);
                return () => AfterAsync(Faults());
            case KillPoint.PostAccepted:
                Enqueue(EmulatorOperation.Create, EmulatorFault.Stall().AfterAccept(), count);
                return () => AfterAsync(Accepted());
            case KillPoint.AnswerNotCommitted:
                count = InFlight;
                Enqueue(EmulatorOperation.Create, EmulatorFault.Stall().AfterAccept(), count);
                return () => LockedAsync(Accepted());
            case KillPoint.DownloadStarted:
                Enqueue(EmulatorOperation.Download, EmulatorFault.Stall(), count);
                return () => AfterAsync(Faults());
            case KillPoint.DownloadNotRenamed:
                Enqueue(EmulatorOperation.Download, EmulatorFault.Stall(), count);
                return () => LockedAsync(Faults());
            default:
                return () => UntilAsync(() => batch.Images.Count > images);
        }
    }

    private void Enqueue(EmulatorOperation operation, EmulatorFault fault, int count)
    {
        for (int i = 0; i < count; i++)
            emulator.Enqueue(operation, fault);
    }

    private Task WaitForAsync(Func<EmulatorCounters, bool> condition) => emulator.WaitForAsync(condition).WaitAsync(Limit);

    private static async Task<IDisposable?> AfterAsync(Task moment)
    {
        await moment;
        return null;
    }

    /// <summary>Prevents the commits of the answers, so the process stalls between an answer and its commit.</summary>
    private async Task<IDisposable?> LockedAsync(Task stalled)
    {
        await stalled;
        IDisposable journalLock = batch.Journal.Lock();
        long served = emulator.Counters.BytesServed;
        emulator.Release();
        await WaitForAsync(now => now.ConcurrentRequests == 0 && now.BytesServed > served);
        await Task.Delay(random.Next(20));
        return journalLock;
    }

    private static async Task<IDisposable?> UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(1);
        return null;
    }
}
