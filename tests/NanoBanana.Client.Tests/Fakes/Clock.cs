using Microsoft.Extensions.Time.Testing;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>
/// A clock that only the test moves. With handlers that answer at once, everything that is due at a step has happened
/// when the step returns: continuations run inside it, because no synchronisation context sends them elsewhere.
/// </summary>
internal sealed class Clock : FakeTimeProvider
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private readonly long _origin;

    public Clock() : base(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero)) => _origin = GetTimestamp();

    /// <summary>Since the clock was made.</summary>
    public TimeSpan Elapsed => GetElapsedTime(_origin);

    /// <summary>How wrong the clock on the wall is; what is measured is not.</summary>
    public TimeSpan WallError { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallError;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void Step(double seconds) => Inline(() => Advance(TimeSpan.FromSeconds(seconds)));

    /// <summary>
    /// Runs what the action causes before it returns. xunit sets a synchronization context, and under one the client's
    /// continuations go to another thread, which would then race with the clock.
    /// </summary>
    public static void Inline(Action action)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Small steps for that long: what is due in between happens when it is due.</summary>
    public void Run(double seconds, double step = 0.1)
    {
        for (int left = (int)Math.Round(seconds / step); left > 0; left--)
            Step(step);
    }

    /// <summary>Moves on in small steps until the work is done; its outcome is the caller's.</summary>
    public async Task<T> RunAsync<T>(Task<T> work, double step = 0.1, int steps = 20_000) =>
        (await RunAllAsync([work], step, steps))[0];

    /// <summary>Moves on until all of the work is done. (Task.WhenAll would see the end later than the last of them.)</summary>
    public async Task<T[]> RunAllAsync<T>(IReadOnlyList<Task<T>> work, double step = 0.1, int steps = 20_000)
    {
        for (int i = 0; i < steps && !work.All(w => w.IsCompleted); i++)
            Step(step);
        return await Task.WhenAll(work).WaitAsync(Guard);
    }
}
