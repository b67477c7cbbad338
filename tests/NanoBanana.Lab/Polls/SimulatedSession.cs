using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Lab.Polls;

/// <summary>A session that polls with the client's schedule, one task after the other, in simulated time.</summary>
/// <param name="random">The source of jitter.</param>
/// <param name="report">The reported progress, by the age and the duration of a task; null for no reports.</param>
internal sealed class SimulatedSession(Random random, Func<double, double, double?>? report = null)
{
    private readonly PollSchedule _schedule = new(random.NextDouble);

    /// <summary>Polls until the end and learns from it.</summary>
    public void Learn(double duration) => Run(duration, null, learns: true);

    /// <summary>Polls until the end, learns from it and adds the outcome.</summary>
    public void LearnInto(Outcome outcome, double duration) => Run(duration, outcome, learns: true);

    /// <summary>Polls until the end and adds the outcome, but does not learn.</summary>
    public void Measure(Outcome outcome, double duration) => Run(duration, outcome, learns: false);

    private void Run(double duration, Outcome? outcome, bool learns)
    {
        TimeSpan alive = TimeSpan.Zero;
        TimeSpan age = TimeSpan.Zero;
        double? progress = null;
        for (int polls = 1; ; polls++)
        {
            age += _schedule.UntilNext(null, alive, progress, age);
            double seconds = age.TotalSeconds;
            bool ended = seconds >= duration;
            if (learns)
                _schedule.Learn(null, alive, progress, age, ended);
            if (ended)
            {
                outcome?.Add(polls, seconds - duration);
                return;
            }
            (alive, progress) = (age, report?.Invoke(seconds, duration));
        }
    }
}
