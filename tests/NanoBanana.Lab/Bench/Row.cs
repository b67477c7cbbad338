using System.Globalization;

namespace NanoBanana.Lab.Bench;

/// <summary>A line of the table: a number of ours beside one of a rival, and what was demanded of it.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">Our number, with its unit.</param>
/// <param name="Rival">The number beside it, and whose it is.</param>
/// <param name="Ratio">Ours by the rival's; null where the number stands for itself.</param>
/// <param name="Demand">What is asked of it; empty for a number that only informs.</param>
/// <param name="Met">Whether it is met; null where nothing is asked.</param>
internal sealed record Row(string What, string Ours, string Rival = "", double? Ratio = null, string Demand = "", bool? Met = null)
{
    /// <summary>A ratio that may not be below a floor.</summary>
    public static Row AtLeast(double floor, string what, double ours, double rival, string unit, string whose) =>
        new(what, Number(ours, unit), $"{Number(rival, unit)}, {whose}", ours / rival, $"at least {floor.ToString(CultureInfo.InvariantCulture)}", ours / rival >= floor);

    /// <summary>A ratio that may not be above a ceiling.</summary>
    public static Row AtMost(double ceiling, string what, double ours, double rival, string unit, string whose) =>
        new(what, Number(ours, unit), $"{Number(rival, unit)}, {whose}", ours / rival, $"at most {ceiling.ToString(CultureInfo.InvariantCulture)}", ours / rival <= ceiling);

    /// <summary>A number that may not be above a ceiling.</summary>
    public static Row NoMoreThan(double ceiling, string what, double ours, string unit) =>
        new(what, Number(ours, unit), Demand: $"at most {Number(ceiling, unit)}", Met: ours <= ceiling);

    /// <summary>A number beside another, of which nothing is asked.</summary>
    public static Row Beside(string what, double ours, double rival, string unit, string whose) =>
        new(what, Number(ours, unit), $"{Number(rival, unit)}, {whose}", ours / rival);

    /// <summary>A demand on a count, which does not depend on the load of the machine. If it is not met, the whole run fails.</summary>
    public Row Enforce() => Met != false ? this : throw new LabException($"{What}: {Ours}; {Demand} is asked.");

    /// <summary>Three digits are as much as a shared machine can tell.</summary>
    public static string Number(double value, string unit)
    {
        int decimals = Math.Abs(value) switch { >= 100 => 0, >= 10 => 1, >= 1 => 2, _ => 3 };
        return $"{value.ToString("N" + decimals, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }

    public static IReadOnlyList<string> Head { get; } = ["what", "ours", "beside it", "ratio", "demand", "met"];

    public IReadOnlyList<string> Cells =>
        [What, Ours, Rival, Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "", Demand, Met switch { true => "yes", false => "**no**", null => "" }];
}
