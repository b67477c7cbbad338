using System.Globalization;

namespace NanoBanana.Fuzz;

/// <summary>What a run came to.</summary>
/// <param name="Bodies">How many bodies were read, by every dialect.</param>
/// <param name="Broken">The numbers of those for which a promise did not hold, each with what was wrong.</param>
/// <param name="Slowest">The longest that one body took, and its number.</param>
/// <param name="Hungriest">The most memory that was allocated for a body, as a multiple of its own size and 64 KB, and its number.</param>
public sealed record FuzzReport(int Bodies, IReadOnlyList<(int Number, string What)> Broken, (TimeSpan Time, int Number) Slowest, (double Ratio, int Number) Hungriest)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Bodies} bodies, {Broken.Count} broken promises; slowest {Slowest.Time.TotalMilliseconds:0} ms (number {Slowest.Number}), most memory {Hungriest.Ratio:0.0} times its size and 64 KB (number {Hungriest.Number})");
}
