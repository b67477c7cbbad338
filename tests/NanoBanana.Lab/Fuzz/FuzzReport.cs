namespace NanoBanana.Lab.Fuzz;

/// <summary>The numbers of a run.</summary>
/// <param name="Bodies">How many bodies were read, by every dialect.</param>
/// <param name="Broken">The numbers of those for which a promise did not hold, each with what was wrong.</param>
/// <param name="Slowest">The longest that one body took, and its number.</param>
/// <param name="Hungriest">The most memory that was allocated for a body, as a multiple of its own size and 64 KB, and its number.</param>
public sealed record FuzzReport(int Bodies, IReadOnlyList<(int Number, string What)> Broken, (TimeSpan Time, int Number) Slowest, (double Ratio, int Number) Hungriest);
