using System.Globalization;

namespace NanoBanana.Lab.Bench;

/// <summary>A row of the table: our number, the number of a rival, and the demand.</summary>
/// <param name="What">The name of the measurement.</param>
/// <param name="Ours">Our number; null if it was not measured.</param>
/// <param name="Unit">The unit of both numbers; empty for a count.</param>
/// <param name="Rival">The number of the rival, or null.</param>
/// <param name="Whose">The name of the rival, or the reason for a missing measurement.</param>
/// <param name="Demand">The demand; empty without one.</param>
/// <param name="Met">Whether the demand is met; null without one.</param>
internal sealed record Row(
    string What, double? Ours, string Unit, double? Rival = null, string Whose = "", string Demand = "", bool? Met = null)
{
    /// <summary>
    /// Ours divided by the rival's. Null without a rival, if the rival's is 0, or if the demand applies to the difference.
    /// </summary>
    public double? Ratio { get; private init; } = Rival is null or 0 ? null : Ours / Rival;

    /// <summary>A ratio with a minimum.</summary>
    public static Row AtLeast(double minimum, string what, double ours, double rival, string unit, string whose) =>
        new(what, ours, unit, rival, whose, $"at least {minimum.ToString(CultureInfo.InvariantCulture)}", ours / rival >= minimum);

    /// <summary>A ratio with a maximum.</summary>
    public static Row AtMost(double maximum, string what, double ours, double rival, string unit, string whose) =>
        new(what, ours, unit, rival, whose, $"at most {maximum.ToString(CultureInfo.InvariantCulture)}", ours / rival <= maximum);

    /// <summary>A difference with a maximum.</summary>
    public static Row AtMostMore(double maximum, string what, double ours, double rival, string unit, string whose) =>
        new(what, ours, unit, rival, whose, $"at most {Number(maximum, unit)} more", ours - rival <= maximum) { Ratio = null };

    /// <summary>A number with a maximum, which does not depend on the rival.</summary>
    public static Row AtMostValue(double maximum, string what, double ours, string unit, double? rival = null, string whose = "") =>
        new(what, ours, unit, rival, whose, $"at most {Number(maximum, unit)}", ours <= maximum);

    /// <summary>Two numbers without a demand.</summary>
    public static Row Beside(string what, double ours, double rival, string unit, string whose) => new(what, ours, unit, rival, whose);

    /// <summary>A measurement that is not possible on this machine.</summary>
    public static Row NotMeasured(string what, string reason) => new(what, null, "", Whose: reason);

    /// <summary>Fails the whole run if the demand is not met. For counts, which do not depend on the load of the machine.</summary>
    public Row Enforce() => Met != false ? this : throw new LabException($"{What} is {Number(Ours, Unit)}. The demand is: {Demand}.");

    /// <summary>Three digits. More are not accurate on a shared machine.</summary>
    public static string Number(double? value, string unit)
    {
        if (value is not { } number)
            return "not measured";
        int decimals = Math.Abs(number) switch { >= 100 => 0, >= 10 => 1, >= 1 => 2, _ => 3 };
        return $"{number.ToString("N" + decimals, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }

    /// <summary>A ratio as text of a table; empty for null.</summary>
    public static string Quotient(double? ratio) => ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    public static IReadOnlyList<string> Head { get; } = ["what", "ours", "beside it", "ratio", "demand", "met"];

    public IReadOnlyList<string> Cells =>
    [
        What, Number(Ours, Unit), Rival is null ? Whose : $"{Number(Rival, Unit)}, {Whose}", Quotient(Ratio), Demand,
        Met switch { true => "yes", false => "**no**", null => "" },
    ];
}
