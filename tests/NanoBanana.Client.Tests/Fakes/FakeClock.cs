using Microsoft.Extensions.Time.Testing;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>
/// A clock that only the test advances. With handlers that answer synchronously, all work that is due at a step is done
/// when the step returns. Continuations run inside the step because no synchronization context posts them elsewhere.
/// </summary>
internal sealed class FakeClock : FakeTimeProvider
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private readonly long _origin;

    public FakeClock() : base(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero)) => _origin = GetTimestamp();

    /// <summary>Time since the clock was created.</summary>
    public TimeSpan Elapsed => GetElapsedTime(_origin);

    /// <summary>Difference between wall clock and true time. Measured time does not include it.</summary>
    public TimeSpan WallError { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallError;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void Step(double seconds) => Inline(() => Advance(TimeSpan.FromSeconds(seconds)));

    /// <summary>
    /// Runs an action and its effects synchronously. xunit sets a synchronization context. With one, the continuations of the
    /// client run on another thread and race with the clock.
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

    /// <summary>Advances the time in small steps. Work that becomes due in between runs when it is due.</summary>
    public void Run(double seconds, double step = 0.1)
    {
        for (int left = (int)Math.Round(seconds / step); left > 0; left--)
            Step(step);
    }

    /// <summary>Advances the time in small steps until the work is done. Returns its result or throws its exception.</summary>
    public async Task<T> RunAsync<T>(Task<T> work, double step = 0.1, int steps = 20_000) =>
        (await RunAllAsync([work], step, steps))[0];

    /// <summary>Advances the time until all work is done. (Task.WhenAll completes later than the last task.)</summary>
    public async Task<T[]> RunAllAsync<T>(IReadOnlyList<Task<T>> work, double step = 0.1, int steps = 20_000)
    {
        for (int i = 0; i < steps && !work.All(w => w.IsCompleted); i++)
            Step(step);
        return await Task.WhenAll(work).WaitAsync(Guard);
    }
}
