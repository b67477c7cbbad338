using System.Globalization;

namespace NanoBanana;

/// <summary>The outcome that a person recorded for a submission whose outcome was unknown.</summary>
public sealed record ImageTaskVerdict
{
    /// <summary>Whether the submission was accepted and is paid for.</summary>
    public required bool IsBought { get; init; }

    /// <summary>The user and the machine that recorded it.</summary>
    public required string By { get; init; }

    /// <summary>The time when it was recorded.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The outcome, the user, the machine and the time in one line.</summary>
    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture, "{0}, by {1} at {2:yyyy-MM-dd HH:mm} UTC", IsBought ? "bought" : "not bought", By, At.UtcDateTime);
}
