using System.Globalization;

namespace NanoBanana;

/// <summary>What a person found out about a submission whose outcome was unknown.</summary>
public sealed record ImageTaskVerdict
{
    /// <summary>Whether it was bought.</summary>
    public required bool IsBought { get; init; }

    /// <summary>Who said so: user and machine.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The verdict in one line.</summary>
    public override string ToString() =>
        string.Format(CultureInfo.InvariantCulture, "{0}, by {1} at {2:yyyy-MM-dd HH:mm} UTC", IsBought ? "bought" : "not bought", By, At.UtcDateTime);
}
