namespace NanoBanana.Lab.Crash;

/// <summary>Brings a process to the moment at which it is to be killed, by what the provider does and by the journal's lock.</summary>
internal sealed class KillTrigger(EmulatorServer emulator, Batch batch, Random random)
{
    /// <summary>As many submits as the script has in flight at most: no other disturbs the image.</summary>
    private const int InFlight = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A moment that this batch can still come to; the borders more often than any time, the rarest first.</summary>
    public KillPoint Choose()
    {
        bool canBuy = batch.Prompts.Count - batch.Journal.Held(batch.Name) >= InFlight;
        bool canSave = batch.Prompts.Count - batch.Images.Count - batch.Journal.Unknown(batch.Name).Count >= InFlight;
        // A run that comes as far as a download has bought everything.
        if (canBuy && random.NextDouble() < 0.75)
            return (KillPoint)random.Next((int)KillPoint.IntentOnDisk, (int)KillPoint.DownloadBegun);
        return canSave && random.NextDouble() < 0.75
            ? (KillPoint)random.Next((int)KillPoint.DownloadBegun, (int)KillPoint.ImageRenamed + 1)
            : KillPoint.AnyTime;
    }

    /// <summary>Sets the scene; to be called before the process starts.</summary>
    /// <returns>Waits for the moment. What it returns is to be disposed when the process is dead.</returns>
    public Func<Task<IDisposable?>> Prepare(KillPoint point)
    {
        EmulatorCounters before = emulator.Counters;
        int images = batch.Images.Count;
        int count = random.Next(1, InFlight + 1);
        Task Faults() => Seen(now => now.Faults >= before.Faults + count);
        Task Bought() => Seen(now => now.CreatesAccepted >= before.CreatesAccepted + count);
        switch (point)
        {
            case KillPoint.AnyTime:
                return async () =>
                {
                    await Task.Delay(random.Next(1500));
                    return null;
                };
            case KillPoint.IntentOnDisk:
                return () => UntilAsync(() => batch.Journal.Intents() > 0);
            case KillPoint.PostReceived:
                Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), count);
                return () => AfterAsync(Faults());
            case KillPoint.PostBought:
                Enqueue(EmulatorOperation.Create, EmulatorFault.Stall().AfterAccept(), count);
                return () => AfterAsync(Bought());
            case KillPoint.AnswerNotCommitted:
                count = InFlight;
                Enqueue(EmulatorOperation.Create, EmulatorFault.Stall().AfterAccept(), count);
                return () => LockedAsync(Bought());
            case KillPoint.DownloadBegun:
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

    private Task Seen(Func<EmulatorCounters, bool> condition) => emulator.WaitForAsync(condition).WaitAsync(Limit);

    private static async Task<IDisposable?> AfterAsync(Task moment)
    {
        await moment;
        return null;
    }

    /// <summary>What the requests are answered with can't be committed: the process hangs between answer and commit.</summary>
    private async Task<IDisposable?> LockedAsync(Task stalled)
    {
        await stalled;
        IDisposable held = batch.Journal.Lock();
        long served = emulator.Counters.BytesServed;
        emulator.Release();
        await Seen(now => now.ConcurrentRequests == 0 && now.BytesServed > served);
        await Task.Delay(random.Next(20));
        return held;
    }

    private static async Task<IDisposable?> UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(1);
        return null;
    }
}
