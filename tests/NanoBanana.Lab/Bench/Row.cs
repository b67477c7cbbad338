using System.Globalization;

namespace NanoBanana.Lab.Bench;

/// <summary>A line of the table: a number of ours beside one of a rival, and what was demanded of it.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">Our number; null where it was not measured.</param>
/// <param name="Unit">The unit of both numbers; empty for a count.</param>
/// <param name="Rival">The number beside it; null where ours stands for itself.</param>
/// <param name="Whose">Whose number that is, or why there is none.</param>
/// <param name="Demand">What is asked of it; empty for a number that only informs.</param>
/// <param name="Met">Whether it is met; null where nothing is asked.</param>
internal sealed record Row(
    string What, double? Ours, string Unit, double? Rival = null, string Whose = "", string Demand = "", bool? Met = null)
{
    /// <summary>Ours by the rival's; null where there is none or it is 0, or where the demand is on the difference.</summary>
    public double? Ratio { get; private init; } = Rival is null or 0 ? null : Ours / Rival;

    /// <summary>A ratio that may not be below a floor.</summary>
    public static Row AtLeast(double floor, string what, double ours, double rival, string unit, string whose) =>
        new(what, ours, unit, rival, whose, $"at least {floor.ToString(CultureInfo.InvariantCulture)}", ours / rival >= floor);

    /// <summary>A ratio that may not be above a ceiling.</summary>
    public static Row AtMost(double ceiling, string what, double ours, double rival, string unit, string whose) =>
        new(what, ours, unit, rival, whose, $"at most {ceiling.ToString(CultureInfo.InvariantCulture)}", ours / rival <= ceiling);

    /// <summary>A difference that may not be above a ceiling.</summary>
    public static Row NoMoreOver(double ceiling, string what, double ours, double rival, string unit, string whose) =>
        new(what, ours, unit, rival, whose, $"at most {Number(ceiling, unit)} more", ours - rival <= ceiling) { Ratio = null };

    /// <summary>A number that may not be above a ceiling, whatever the rival's is.</summary>
    public static Row NoMoreThan(double ceiling, string what, double ours, string unit, double? rival = null, string whose = "") =>
        new(what, ours, unit, rival, whose, $"at most {Number(ceiling, unit)}", ours <= ceiling);

    /// <summary>A number beside another, of which nothing is asked.</summary>
    public static Row Beside(string what, double ours, double rival, string unit, string whose) => new(what, ours, unit, rival, whose);

    /// <summary>What this machine can't measure.</summary>
    public static Row NotMeasured(string what, string why) => new(what, null, "", Whose: why);

    /// <summary>A demand on a count, which does not depend on the load of the machine. If it is not met, the whole run fails.</summary>
    public Row Enforce() => Met != false ? this : throw new LabException($"{What}: {Number(Ours, Unit)}; {Demand} is asked.");

    /// <summary>Three digits are as much as a shared machine can tell.</summary>
    public static string Number(double? value, string unit)
    {
        if (value is not { } number)
            return "not measured";
        int decimals = Math.Abs(number) switch { >= 100 => 0, >= 10 => 1, >= 1 => 2, _ => 3 };
        return $"{number.ToString("N" + decimals, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }

    /// <summary>A ratio as it stands in a table; empty where there is none.</summary>
    public static string Quotient(double? ratio) => ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    public static IReadOnlyList<string> Head { get; } = ["what", "ours", "beside it", "ratio", "demand", "met"];

    public IReadOnlyList<string> Cells =>
    [
        What, Number(Ours, Unit), Rival is null ? Whose : $"{Number(Rival, Unit)}, {Whose}", Quotient(Ratio), Demand,
        Met switch { true => "yes", false => "**no**", null => "" },
    ];
}
