namespace NanoBanana.Lab.Fuzz;

/// <summary>The numbers of a run.</summary>
/// <param name="Bodies">The number of bodies. Every dialect read each of them.</param>
/// <param name="Broken">The numbers of the bodies that break a promise, each with the reason.</param>
/// <param name="Slowest">The longest time for one body, and its number.</param>
/// <param name="LargestMemory">The largest memory allocated for one body, as a multiple of its size and 64 KB, and its number.</param>
public sealed record FuzzReport(
    int Bodies, IReadOnlyList<(int Number, string What)> Broken, (TimeSpan Time, int Number) Slowest,
    (double Ratio, int Number) LargestMemory);
