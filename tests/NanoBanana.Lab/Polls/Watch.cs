using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Lab.Polls;

/// <summary>One session's polling by the product's own schedule, task by task, on simulated time.</summary>
/// <param name="random">For completion times and jitter.</param>
/// <param name="report">What a server that takes so many seconds says of its progress at an age; null for silence.</param>
internal sealed class Watch(Random random, Func<double, double, double?>? report = null)
{
    private readonly PollSchedule _schedule = new(random.NextDouble);

    /// <summary>Polls until the end is seen, and learns from it.</summary>
    public void Learn(double duration) => Run(duration, null, learns: true);

    /// <summary>The same, and its outcome counts.</summary>
    public void LearnInto(Outcome outcome, double duration) => Run(duration, outcome, learns: true);

    /// <summary>Polls with what is known so far, and learns nothing.</summary>
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
