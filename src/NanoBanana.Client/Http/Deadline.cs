namespace NanoBanana.Client.Http;

/// <summary>
/// The one moment that bounds every request and every sleep of an operation, on the monotonic clock: a clock that is set
/// back, or a machine's change to summer time, moves nothing.
/// </summary>
public sealed class Deadline
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _length;

    /// <summary>Begins now.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="length">How long the operation may take.</param>
    public Deadline(TimeProvider time, TimeSpan length)
    {
        _time = time;
        _start = time.GetTimestamp();
        _length = length;
    }

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = _length + Extra - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Time on top, for an operation whose length depends on how much there is to do.</summary>
    public TimeSpan Extra { get; set; }

    /// <summary>The time that was given at the beginning.</summary>
    public TimeSpan Length => _length;

    /// <summary>The shorter of a wish and what is left.</summary>
    public TimeSpan Bound(TimeSpan wish) => wish < Remaining ? wish : Remaining;
}
